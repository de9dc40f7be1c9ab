/** Property tests try the same values every time, so that a failure is a change's own; `FC_SEED=random` or a number tries others. */
import * as fc from 'fast-check';

const { FC_SEED } = process.env;
if (FC_SEED !== 'random') fc.configureGlobal({ seed: Number(FC_SEED ?? 1) });

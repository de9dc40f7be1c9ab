/** Import this first: tells zod, before any schema is made, to do without `eval`, which the page's content policy forbids. */
import { z } from 'zod';

z.config({ jitless: true });

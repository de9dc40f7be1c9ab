/** Tests of the save ledger against a model that knows what a server really holds. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CONFIRM_WITHIN, SaveLedger } from './save-state.ts';

/** A server's disk, a network that may lose everything in flight, and the ledger that hears only acks. */
class World {
  readonly ledger = new SaveLedger();
  readonly onDisk = new Set<number>();
  readonly onDevice = new Set<number>();
  made: number[] = [];
  now = 0;
  /** Messages on their way, each the edits it carries; null: no session. */
  toServer: number[][] | null = null;
  received = 0;
  synced = 0;
  acks: number[] = [];

  connect(): void {
    if (this.toServer) return;
    this.ledger.open();
    this.toServer = [[...this.made]];
    this.ledger.sent();
    this.received = 0;
    this.synced = 0;
    this.acks = [];
  }
  edit(): void {
    const edit = this.ledger.edit(this.now);
    this.made.push(edit);
    if (!this.toServer) return;
    this.toServer.push([edit]);
    this.ledger.sent();
  }
  deliver(): void {
    const message = this.toServer?.shift();
    if (!message) return;
    for (const edit of message) this.onDisk.add(edit);
    this.received += 1;
  }
  acknowledge(): void {
    if (this.received > this.synced) this.acks.push(this.received);
    this.synced = this.received;
  }
  hear(): void {
    const count = this.acks.shift();
    if (count !== undefined) this.ledger.acked(count);
  }
  disconnect(): void {
    this.toServer = null;
    this.acks = [];
    this.ledger.close();
  }
  keep(): void {
    for (const edit of this.made) this.onDevice.add(edit);
    this.ledger.kept(this.made.at(-1) ?? 0);
  }
}

const step = fc.oneof(
  { weight: 6, arbitrary: fc.constant('edit' as const) },
  { weight: 6, arbitrary: fc.constantFrom('deliver' as const, 'acknowledge' as const, 'hear' as const) },
  { weight: 2, arbitrary: fc.constantFrom('connect' as const, 'keep' as const) },
  { weight: 1, arbitrary: fc.constant('disconnect' as const) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 2 * CONFIRM_WITHIN }) },
);

describe('the save ledger', () => {
  it('[W4] never shows a better state than the true one, whatever is lost on the way', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const world = new World();
        for (const next of steps) {
          if (typeof next === 'number') world.now += next;
          else world[next]();
          const state = world.ledger.state(world.now);
          if (state === 'saved') expect(world.made.filter((edit) => !world.onDisk.has(edit))).toEqual([]);
          if (state === 'kept') expect(world.made.filter((edit) => !world.onDevice.has(edit))).toEqual([]);
          if (state === 'saving') {
            expect(world.toServer).not.toBeNull();
            expect(world.now - (world.ledger.oldest ?? 0)).toBeLessThan(CONFIRM_WITHIN);
          }
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('comes to Saved once a session has delivered and heard everything', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const world = new World();
        for (const next of steps) {
          if (typeof next === 'number') world.now += next;
          else world[next]();
        }
        world.connect();
        while (world.toServer?.length) world.deliver();
        world.acknowledge();
        while (world.acks.length) world.hear();
        expect(world.ledger.state(world.now)).toBe('saved');
        expect(world.ledger.saved).toBe(world.made.length);
      }),
    );
  });

  it('says Not saved at once when the connection is lost, and after ten seconds when it only seems to stand', () => {
    const ledger = new SaveLedger();
    ledger.open();
    ledger.sent();
    ledger.edit(0);
    ledger.sent();
    expect(ledger.state(CONFIRM_WITHIN - 1)).toBe('saving');
    expect(ledger.state(CONFIRM_WITHIN)).toBe('unsaved');
    ledger.kept(1);
    expect(ledger.state(CONFIRM_WITHIN)).toBe('kept');
    ledger.keptNothing();
    expect(ledger.state(CONFIRM_WITHIN)).toBe('unsaved');
    ledger.acked(1);
    expect(ledger.state(1)).toBe('saving');
    ledger.close();
    expect(ledger.state(1)).toBe('unsaved');
  });

  it('does not believe an ack of more messages than were sent', () => {
    const ledger = new SaveLedger();
    ledger.open();
    ledger.sent();
    ledger.edit(0);
    ledger.acked(99);
    expect(ledger.state(0)).toBe('saving');
  });

  it('ignores an ack that arrives after its session has ended', () => {
    const ledger = new SaveLedger();
    ledger.open();
    ledger.edit(0);
    ledger.sent();
    ledger.close();
    ledger.acked(1);
    expect(ledger.state(0)).toBe('unsaved');
  });
});

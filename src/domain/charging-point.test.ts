import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { testSeed } from '../testing/seed.ts';
import { derivePoint, isNewerLevel, mayStart, type PointFacts, withHold, withoutHold } from './charging-point.ts';
import { HOLD_KINDS, OPEN_SUPPLY_STATES } from './vocabulary.ts';

const seed = testSeed('charging point');
const phase = fc.constantFrom(null, ...OPEN_SUPPLY_STATES);
const hold = fc.constantFrom(...HOLD_KINDS);
const facts: fc.Arbitrary<PointFacts> = fc.record({
  isMonitorAlive: fc.boolean(),
  isEngineOk: fc.boolean(),
  isChannelUp: fc.boolean(),
  holds: fc.uniqueArray(hold).map((kinds) => new Set(kinds)),
});

test('monitor and engine decide as in the truth table of the assignment (R1-G12)', () => {
  const state = (isMonitorAlive: boolean, isEngineOk: boolean): string =>
    derivePoint({ isMonitorAlive, isEngineOk, isChannelUp: true, holds: new Set() }, null).state;
  assert.deepEqual(
    [state(true, true), state(true, false), state(false, true), state(false, false)],
    ['AVAILABLE', 'FAULTED', 'DISCONNECTED', 'DISCONNECTED'],
  );
});

test('no channel is a reason of its own, and a hold while charging is pending (D-03)', () => {
  const base = {
    isMonitorAlive: true,
    isEngineOk: true,
    isChannelUp: false,
    holds: new Set(['LOCAL', 'OPERATOR'] as const),
  };
  assert.deepEqual(derivePoint(base, null).reasons, ['OPERATOR', 'LOCAL', 'NO_CHANNEL']);
  assert.deepEqual(derivePoint(base, 'CHARGING'), {
    state: 'CHARGING',
    reasons: [],
    phase: 'CHARGING',
    pendingHolds: ['OPERATOR', 'LOCAL'],
  });
});

test('a point is AVAILABLE exactly when nothing speaks against a start (F-31, F-40)', () => {
  fc.assert(
    fc.property(facts, phase, (known, open) => {
      const isFree =
        known.isMonitorAlive && known.isEngineOk && known.isChannelUp && known.holds.size === 0 && open === null;
      assert.equal(derivePoint(known, open).state === 'AVAILABLE', isFree);
      assert.equal(mayStart(known, open) === undefined, isFree);
    }),
    { seed },
  );
});

test('a heartbeat or the end of a supply never hides what else is known (F-31, F-40)', () => {
  fc.assert(
    fc.property(facts, phase, (known, open) => {
      const alive = derivePoint({ ...known, isMonitorAlive: true, isEngineOk: true }, open);
      assert.equal(alive.state === 'CHARGING', open !== null);
      const after = derivePoint(known, null);
      assert.equal(
        after.state === 'OUT_OF_SERVICE',
        known.isMonitorAlive && known.isEngineOk && after.reasons.length > 0,
      );
    }),
    { seed },
  );
});

test('a weather clear removes the weather hold only (F-37, F-39)', () => {
  fc.assert(
    fc.property(facts, hold, (known, kind) => {
      const cleared = withoutHold(withHold(known.holds, kind), kind);
      assert.equal(cleared.has(kind), false);
      for (const other of HOLD_KINDS) if (other !== kind) assert.equal(cleared.has(other), known.holds.has(other));
    }),
    { seed },
  );
});

test('a level counts only within the boot of the last hello and with a greater sequence', () => {
  const position = { engineBootId: 'a', engineSequence: 3 };
  assert.deepEqual(
    [isNewerLevel(position, 'a', 4), isNewerLevel(position, 'a', 3), isNewerLevel(position, 'b', 9)],
    [true, false, false],
  );
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { runsFromEnvironment } from '../testing/generated.ts';
import { testSeed } from '../testing/seed.ts';
import { derivePoint, type PointFacts } from './charging-point.ts';
import { HOLD_KINDS, type HoldKind, OPEN_SUPPLY_STATES, type OpenSupplyState } from './vocabulary.ts';
import {
  type AlertScope,
  alertEdge,
  alertFor,
  areThresholdsValid,
  DEFAULT_WEATHER_THRESHOLDS,
  effectOfThresholds,
  isHeldByWeather,
  nearAlertOf,
  WEATHER_ALERT_TYPES,
  type WeatherAlertType,
} from './weather-rule.ts';

const seed = testSeed('weather rule');
const numRuns = runsFromEnvironment(1_000);
const THRESHOLDS = DEFAULT_WEATHER_THRESHOLDS;

test('below 0 °C is an alert, above it again is none; 40 °C is the other end (R2-53, R2-55, S-WEA-05 to 07)', () => {
  const level = (temperatureCc: number) => alertFor(temperatureCc, THRESHOLDS, null);
  assert.deepEqual([-1, 0, 1, 3_999, 4_000, 4_001].map(level), ['LOW_TEMP', null, null, null, null, 'HIGH_TEMP']);
});

test('exactly on a threshold the last decision stands, so that nothing switches on and off there', () => {
  assert.equal(alertFor(0, THRESHOLDS, 'LOW_TEMP'), 'LOW_TEMP');
  assert.equal(alertFor(0, THRESHOLDS, 'CRITICAL_TEMP'), 'CRITICAL_TEMP');
  assert.equal(alertFor(0, THRESHOLDS, 'HIGH_TEMP'), null, 'it is not hot any more');
  assert.equal(alertFor(4_000, THRESHOLDS, 'HIGH_TEMP'), 'HIGH_TEMP');
  assert.equal(alertFor(4_000, THRESHOLDS, 'LOW_TEMP'), null);
  assert.equal(alertFor(1, THRESHOLDS, 'LOW_TEMP'), null);
});

test('up to 2 °C from a threshold the weather is near it, also past it; in a narrow range the nearer one counts', () => {
  const near = (temperatureCc: number) => nearAlertOf(temperatureCc, THRESHOLDS);
  assert.deepEqual([-300, 0, 200, 201].map(near), ['LOW_TEMP', 'LOW_TEMP', 'LOW_TEMP', null]);
  assert.deepEqual([3_799, 3_800, 4_000, 4_300].map(near), [null, 'HIGH_TEMP', 'HIGH_TEMP', 'HIGH_TEMP']);
  const narrow = { minCc: 1_000, maxCc: 1_100 };
  assert.deepEqual(
    [1_049, 1_050, 1_051].map((cc) => nearAlertOf(cc, narrow)),
    ['LOW_TEMP', 'LOW_TEMP', 'HIGH_TEMP'],
  );
});

test('thresholds lie between -40 and 60 °C, the minimum below the maximum (S-WEA-15)', () => {
  const isValid = (minCc: number, maxCc: number) => areThresholdsValid({ minCc, maxCc });
  assert.deepEqual(
    [isValid(500, 4_000), isValid(-4_000, 6_000), isValid(100, 100), isValid(200, 100), isValid(-4_001, 0)],
    [true, true, false, false, false],
  );
  assert.equal(isValid(0.5, 10), false);
  assert.equal(isValid(Number.NaN, 10), false);
});

test('a preview says what would stop and what would come back now; an unknown temperature changes nothing (F-42)', () => {
  const places = [
    { locationId: 1, temperatureCc: 450, alert: null },
    { locationId: 2, temperatureCc: -300, alert: 'LOW_TEMP' as const },
    { locationId: 3, temperatureCc: undefined, alert: 'LOW_TEMP' as const },
    { locationId: 4, temperatureCc: 2_000, alert: null },
  ];
  assert.deepEqual(effectOfThresholds(places, { minCc: 500, maxCc: 4_000 }), { stopped: [1], freed: [] });
  assert.deepEqual(effectOfThresholds(places, { minCc: -1_000, maxCc: 1_900 }), { stopped: [4], freed: [2] });
});

test('a level that repeats is no edge: EV_W may send it again for ever, and after its restart (F-41)', () => {
  const level = fc.constantFrom(null, ...WEATHER_ALERT_TYPES);
  const runs = fc.property(fc.array(level, { maxLength: 40 }), (levels) => {
    let stored: WeatherAlertType | null = null;
    for (const next of levels) {
      const edge = alertEdge(stored, next);
      assert.equal(edge === 'NONE', stored === next);
      stored = next;
      assert.equal(alertEdge(stored, next), 'NONE');
    }
  });
  fc.assert(runs, { seed, numRuns });
});

test('F-68 two points in one cold city are both held, whoever came last, and one may leave without the other', () => {
  const active: AlertScope[] = [{ locationId: 7, cpId: null }];
  assert.equal(isHeldByWeather(active, { cpId: 'CP001', locationId: 7 }), true);
  assert.equal(isHeldByWeather(active, { cpId: 'CP002', locationId: 7 }), true);
  assert.equal(isHeldByWeather(active, { cpId: 'CP003', locationId: 8 }), false);
  const ofOne: AlertScope[] = [{ locationId: 7, cpId: 'CP001' }];
  assert.equal(isHeldByWeather(ofOne, { cpId: 'CP002', locationId: 7 }), false);
  assert.equal(isHeldByWeather(ofOne, { cpId: 'CP001', locationId: 9 }), false, 'F-43: it has moved away');
});

/** A point among weather, operator, driver and faults: what each of them changes, and nothing else. */
type World = {
  facts: PointFacts;
  phase: OpenSupplyState | null;
  locationId: number;
  alerts: Map<string, AlertScope>;
};
type Event =
  | { kind: 'level'; locationId: number; cpId: string | null; level: WeatherAlertType | null }
  | { kind: 'hold'; hold: HoldKind; isHeld: boolean }
  | { kind: 'phase'; phase: OpenSupplyState | null }
  | { kind: 'fact'; fact: 'isMonitorAlive' | 'isEngineOk' | 'isChannelUp'; value: boolean }
  | { kind: 'move'; locationId: number };

const CP = 'CP001';
const locationId = fc.constantFrom(1, 2);
const event: fc.Arbitrary<Event> = fc.oneof(
  fc.record({
    kind: fc.constant('level' as const),
    locationId,
    cpId: fc.constantFrom(null, CP, 'CP002'),
    level: fc.constantFrom(null, null, ...WEATHER_ALERT_TYPES),
  }),
  fc.record({
    kind: fc.constant('hold' as const),
    hold: fc.constantFrom(...HOLD_KINDS.filter((kind) => kind !== 'WEATHER')),
    isHeld: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('phase' as const), phase: fc.constantFrom(null, ...OPEN_SUPPLY_STATES) }),
  fc.record({
    kind: fc.constant('fact' as const),
    fact: fc.constantFrom('isMonitorAlive' as const, 'isEngineOk' as const, 'isChannelUp' as const),
    value: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('move' as const), locationId }),
);

function apply(world: World, change: Event): World {
  switch (change.kind) {
    case 'level': {
      const alerts = new Map(world.alerts);
      const key = `${change.locationId} ${change.cpId}`;
      if (change.level === null) alerts.delete(key);
      else alerts.set(key, { locationId: change.locationId, cpId: change.cpId });
      return { ...world, alerts };
    }
    case 'hold': {
      const holds = new Set(world.facts.holds);
      if (change.isHeld) holds.add(change.hold);
      else holds.delete(change.hold);
      return { ...world, facts: { ...world.facts, holds } };
    }
    case 'phase':
      return { ...world, phase: change.phase };
    case 'fact':
      return { ...world, facts: { ...world.facts, [change.fact]: change.value } };
    case 'move':
      return { ...world, locationId: change.locationId };
    default:
      return change satisfies never;
  }
}

const start = (): World => ({
  facts: { isMonitorAlive: true, isEngineOk: true, isChannelUp: true, holds: new Set() },
  phase: null,
  locationId: 1,
  alerts: new Map(),
});

function derive(world: World) {
  const isCold = isHeldByWeather(world.alerts.values(), { cpId: CP, locationId: world.locationId });
  const holds = isCold ? new Set([...world.facts.holds, 'WEATHER' as const]) : world.facts.holds;
  return { isCold, point: derivePoint({ ...world.facts, holds }, world.phase) };
}

test('F-35 to F-40, any order of events: the weather ends no supply, waits for its end, and lifts nobody else’s hold', () => {
  const runs = fc.property(fc.array(event, { maxLength: 40 }), (events) => {
    let world = start();
    for (const next of events) {
      const before = derive(world);
      world = apply(world, next);
      const { isCold, point } = derive(world);
      if (next.kind === 'level') {
        assert.equal(point.phase, before.point.phase, 'F-35: an open supply stays what it was');
        const others = (kinds: readonly string[]) => kinds.filter((kind) => kind !== 'WEATHER');
        assert.deepEqual(
          others(point.reasons),
          others(before.isCold === isCold ? before.point.reasons : point.reasons),
        );
        assert.deepEqual(others(point.pendingHolds), others(before.point.pendingHolds), 'F-39');
      }
      const isOpen = world.phase !== null;
      assert.equal(point.pendingHolds.includes('WEATHER'), isCold && isOpen, 'F-37: a clear removes what was pending');
      const isFit = world.facts.isMonitorAlive && world.facts.isEngineOk;
      assert.equal(point.reasons.includes('WEATHER'), isCold && !isOpen && isFit, 'F-38: it counts after a recovery');
      if (point.state === 'AVAILABLE') assert.ok(!isCold && world.facts.holds.size === 0, 'F-38, F-39');
    }
  });
  fc.assert(runs, { seed, numRuns });
});

test('F-36, F-38 what the weather says and everything else commute: only the last word of each counts', () => {
  const runs = fc.property(fc.array(event, { maxLength: 30 }), (events) => {
    const weatherFirst = [
      ...events.filter((one) => one.kind === 'level'),
      ...events.filter((one) => one.kind !== 'level'),
    ];
    const inOrder = derive(events.reduce(apply, start()));
    assert.deepEqual(derive(weatherFirst.reduce(apply, start())), inOrder);
  });
  fc.assert(runs, { seed, numRuns });
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { runsFromEnvironment } from '../testing/generated.ts';
import { testSeed } from '../testing/seed.ts';
import {
  endedRecord,
  engineRecord,
  moment,
  openSupply,
  pointWith,
  START_MS,
  SUPPLY_ID,
} from '../testing/supply-builders.ts';
import { decideEngine } from './engine-decide.ts';
import { restartEngine } from './engine-journal.ts';
import { DEFAULT_ENGINE_POLICY, type EngineEvent, type EngineJournalEntry } from './engine-supply.ts';
import { isOpen, type Supply } from './supply.ts';
import { decideSupply } from './supply-decide.ts';
import type { SupplyEvent } from './supply-decision.ts';
import { END_REASONS } from './vocabulary.ts';

const seed = testSeed('orders of events');
const numRuns = runsFromEnvironment(1_000);
const reason = fc.constantFrom(...END_REASONS);

const centralEvent: fc.Arbitrary<SupplyEvent> = fc.oneof(
  fc.constantFrom<SupplyEvent>(
    { kind: 'supply-accepted', supplyId: SUPPLY_ID },
    { kind: 'supply-declined', supplyId: SUPPLY_ID, code: 'BUSY' },
    { kind: 'supply-started', record: engineRecord() },
    { kind: 'meter-reading', supplyId: SUPPLY_ID, measuredAtMs: START_MS },
    { kind: 'engine-ko' },
    { kind: 'engine-ok' },
    { kind: 'monitor-lost' },
    { kind: 'monitor-connected' },
    { kind: 'driver-stop', supplyId: SUPPLY_ID, driverId: 'DRV001' },
    { kind: 'operator-stop', when: 'NOW' },
    { kind: 'operator-stop', when: 'AFTER_SUPPLY' },
    { kind: 'operator-resume' },
    { kind: 'operator-end', supplyId: SUPPLY_ID },
    { kind: 'operator-settle', supplyId: SUPPLY_ID },
    { kind: 'key-revoked' },
    { kind: 'deadline', supplyId: SUPPLY_ID },
  ),
  fc
    .record({ energyWh: fc.nat(9_000), endReason: reason })
    .map((end): SupplyEvent => ({ kind: 'supply-ended', record: endedRecord(end) })),
);
const spanMs = fc.oneof(fc.nat(3_000), fc.nat(200_000), fc.nat(90_000_000));

test('Central, any order of events: one ticket exactly when ENDED, always a deadline, a repeat changes nothing (F-21, F-23)', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(centralEvent, spanMs), { maxLength: 30 }), (events) => {
      let supply: Supply = openSupply('REQUESTED');
      let afterMs = 0;
      let tickets = 0;
      let corrections = 0;
      for (const [event, ms] of events) {
        afterMs += ms;
        const decision = decideSupply(pointWith(supply), event, moment(afterMs));
        for (const effect of decision.effects) {
          if (effect.kind !== 'issue-ticket') continue;
          if (effect.ticket.isCorrective) corrections += 1;
          else tickets += 1;
        }
        const before: Supply = supply;
        supply = decision.supply!;
        assert.equal(tickets, supply.state === 'ENDED' ? 1 : 0);
        assert.ok(corrections <= 1);
        assert.ok(isOpen(before) || !isOpen(supply), 'closed stays closed');
        assert.ok(before.state === supply.state || supply.version > before.version);
        if (!isOpen(before)) continue;
        const again = decideSupply(pointWith(supply), event, moment(afterMs));
        if (supply.state === 'ENDED' || supply.state === 'DENIED') assert.equal(again.supply, supply);
      }
      const settled = decideSupply(pointWith(supply), { kind: 'deadline', supplyId: SUPPLY_ID }, moment(afterMs + 9e8));
      if (isOpen(supply)) assert.notEqual(settled.supply, supply, 'nothing waits for ever (F-15)');
    }),
    { seed, numRuns },
  );
});

const IDS = ['s1', 's2', 's3'];
const id = fc.constantFrom(...IDS);
const engineEvent: fc.Arbitrary<EngineEvent> = fc.oneof(
  id.map(
    (supplyId): EngineEvent => ({
      kind: 'start-supply',
      supplyId,
      requestId: supplyId,
      driverId: null,
      origin: 'APP',
      priceE4PerKwh: 2_500,
      expiresAtMs: START_MS + 60_000,
    }),
  ),
  id.map((supplyId): EngineEvent => ({ kind: 'supply-authorised', supplyId })),
  id.map((supplyId): EngineEvent => ({ kind: 'cancel-supply', supplyId })),
  id.map((supplyId): EngineEvent => ({ kind: 'supply-closed', supplyId })),
  fc.tuple(id, reason).map(([supplyId, why]): EngineEvent => ({ kind: 'stop-supply', supplyId, reason: why })),
  fc.nat(500).map((energyWh): EngineEvent => ({ kind: 'meter', energyWh, powerW: 1_000 })),
  fc.constantFrom<EngineEvent>(
    { kind: 'plug' },
    { kind: 'plug' },
    { kind: 'unplug' },
    { kind: 'local-stop' },
    { kind: 'set-faulty', isFaulty: true },
    { kind: 'set-faulty', isFaulty: false },
    { kind: 'set-local-hold', isLocalHold: true },
    { kind: 'set-local-hold', isLocalHold: false },
    { kind: 'key-changed', hasKey: true },
    { kind: 'monitor-asked', isCentralReachable: true },
    { kind: 'monitor-asked', isCentralReachable: true },
    { kind: 'tick' },
  ),
);

test('engine, any order of events and restarts: plugged once, ended once, never without authorisation, journal = state', () => {
  const line = fc.tuple(
    fc.oneof({ weight: 30, arbitrary: engineEvent }, { weight: 1, arbitrary: fc.constant('restart' as const) }),
    fc.nat(1_500),
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 60 }), (lines) => {
      const journal: EngineJournalEntry[] = [];
      const boot = (nowMs: number) =>
        restartEngine({ cpId: 'CP001', policy: DEFAULT_ENGINE_POLICY, entries: journal }, nowMs);
      let nowMs = START_MS;
      let { state } = boot(nowMs);
      for (const [event, ms] of lines) {
        nowMs += ms;
        const step = event === 'restart' ? boot(nowMs) : decideEngine(state, event, nowMs);
        state = step.state;
        for (const effect of step.effects) if (effect.kind === 'journal') journal.push(effect.entry);
      }
      for (const supplyId of IDS) {
        const kinds = journal.filter((entry) => aboutOf(entry) === supplyId).map((entry) => entry.kind);
        const text = kinds.filter((kind) => kind !== 'reading').join(' ');
        assert.match(
          text,
          /^(accepted( dropped| (authorised )?(plugged )?ended( acknowledged)?)?|accepted( authorised( plugged)?)?|)$/,
        );
      }
      const after = boot(nowMs).state;
      const unacknowledged = state.unacknowledged.map(({ record }) => record.supplyId);
      const open = state.current === null ? [] : [state.current.supplyId];
      assert.deepEqual(
        after.unacknowledged.map(({ record }) => record.supplyId),
        [...unacknowledged, ...open],
      );
      const reborn = after.unacknowledged.find(({ record }) => record.supplyId === state.current?.supplyId);
      assert.equal(reborn?.record.energyWh, state.current?.energyWh);
    }),
    { seed, numRuns },
  );
});

function aboutOf(entry: EngineJournalEntry): string | null {
  if (entry.kind === 'local-hold') return null;
  return 'record' in entry ? entry.record.supplyId : entry.supplyId;
}

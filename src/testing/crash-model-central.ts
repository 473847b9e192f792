import { isOpen, type MeterSnapshot, newerSnapshot, type SupplyPolicy } from '../domain/supply.ts';
import type { SupplyEvent } from '../domain/supply-decision.ts';
import type { HoldKind } from '../domain/vocabulary.ts';
import { copyOf, emptyDatabase, type FakeDatabase, type OutboxRow } from './crash-model-database.ts';
import type { Dice } from './crash-model-dice.ts';
import {
  changeHold,
  changePoint,
  decide,
  handleEngineMessage,
  handleHello,
  handleRequest,
  point,
  type Work,
} from './crash-model-handlers.ts';
import { checkDatabase } from './crash-model-invariants.ts';
import type { ToCentral, ToEngine } from './crash-model-messages.ts';
import type { ModelRules } from './crash-model-rules.ts';
import type { FakeTransport } from './crash-model-transport.ts';
import type { FakeClock } from './fake-clock.ts';

/** What the fake Central is made of. */
export interface CentralParts {
  readonly clock: FakeClock;
  readonly dice: Dice;
  readonly transport: FakeTransport;
  readonly rules: ModelRules;
  readonly policy: SupplyPolicy;
  readonly cpIds: readonly string[];
  readonly deliver: (row: { cpId: string; route: OutboxRow['route']; message: ToEngine }) => void;
}

/** The fake Central: the real decisions, a database that is copied and swapped, and a process that may die anywhere. */
export interface ModelCentral {
  database(): FakeDatabase;
  isAlive(): boolean;
  kill(): void;
  start(): void;
  /** A record that lies in Kafka, until its offset is committed. */
  receive(record: ToCentral): void;
  /** The Monitor's OK or KO over the socket. */
  heartbeat(cpId: string, health: { isEngineOk: boolean; isChannelUp: boolean }): void;
  /** An order of a person; lost if Central is down. */
  order(cpId: string, event: SupplyEvent): void;
  setHold(cpId: string, kind: HoldKind, isSet: boolean): void;
  renewKey(cpId: string): void;
}

const CRASH_AT_STEP = 0.006;
const LOST_AFTER_MS = 3_000;

/** A Central that is alive and has heard of nobody. */
export function createModelCentral(parts: CentralParts): ModelCentral {
  const { clock, dice, transport, rules } = parts;
  const log: ToCentral[] = [];
  let database = emptyDatabase(parts.cpIds);
  let isAlive = true;
  let bootAtMs = clock.nowMs();
  let count = 0;
  let memory = new Map<string, MeterSnapshot>();
  let heardAtMs = new Map<string, number>();

  const crashes = (): boolean => {
    if (isAlive && transport.isStormy() && dice.chance(CRASH_AT_STEP)) isAlive = false;
    return !isAlive;
  };
  const flush = (): void => {
    for (const row of database.outbox) {
      if (crashes()) return;
      const isLate = row.message.type === 'start-supply' && clock.nowMs() >= row.message.expiresAtMs;
      if (!isLate) parts.deliver(row);
      if (crashes()) return;
      database = { ...database, outbox: database.outbox.filter((other) => other !== row) };
    }
  };
  const transact = (body: (work: Work) => void): void => {
    const draft = copyOf(database);
    body({
      draft,
      rules,
      memory,
      at: { nowMs: clock.nowMs(), policy: parts.policy, listeningSinceMs: bootAtMs },
      nextId: () => {
        count += 1;
        return count;
      },
    });
    if (rules.isSentBeforeCommit) for (const row of draft.outbox.splice(0)) parts.deliver(row);
    if (crashes()) return;
    checkDatabase(draft, database);
    database = draft;
    if (!crashes()) flush();
  };
  const pump = (): void => {
    for (let record = log[0]; isAlive && record !== undefined; record = log[0]) {
      if (rules.isOffsetCommittedFirst) log.shift();
      if (record.from === 'engine') memory = withReading(memory, record, clock.nowMs());
      const taken = record;
      transact((work) => handle(work, taken));
      if (isAlive && !rules.isOffsetCommittedFirst) log.shift();
    }
  };
  const whenAlive = (body: (work: Work) => void): void => {
    if (isAlive) transact(body);
  };

  clock.every(500, () => {
    for (const supply of database.supplies.values()) {
      if (!isOpen(supply) || supply.deadlineAtMs > clock.nowMs()) continue;
      whenAlive((work) => decide(work, supply.cpId, { kind: 'deadline', supplyId: supply.supplyId }));
    }
  });
  clock.every(1_000, () => {
    for (const [cpId, row] of database.points) {
      const isSilent = clock.nowMs() - (heardAtMs.get(cpId) ?? bootAtMs) >= LOST_AFTER_MS;
      if (row.facts.isMonitorAlive && isSilent) whenAlive((work) => loseMonitor(work, cpId));
    }
  });
  clock.every(2_000, () => isAlive && flush());
  clock.every(5_000, () => {
    if (isAlive) database = { ...database, snapshots: new Map(memory) };
  });

  return {
    database: () => database,
    isAlive: () => isAlive,
    kill: () => {
      isAlive = false;
    },
    start: () => {
      if (isAlive) return;
      isAlive = true;
      bootAtMs = clock.nowMs();
      memory = new Map(database.snapshots);
      heardAtMs = new Map();
      pump();
    },
    receive: (record) => {
      log.push(record);
      pump();
    },
    heartbeat: (cpId, health) => {
      if (!isAlive) return;
      heardAtMs.set(cpId, clock.nowMs());
      const { facts } = database.points.get(cpId)!;
      const isEdge =
        !facts.isMonitorAlive || facts.isEngineOk !== health.isEngineOk || facts.isChannelUp !== health.isChannelUp;
      if (isEdge) transact((work) => changeHealth(work, cpId, health));
    },
    order: (cpId, event) => whenAlive((work) => decide(work, cpId, event)),
    setHold: (cpId, kind, isSet) =>
      whenAlive((work) => changeHold(work, cpId, isSet ? { add: kind } : { remove: kind })),
    renewKey: (cpId) =>
      whenAlive((work) => {
        changeHold(work, cpId, { remove: 'KEY_REVOKED' });
        changePoint(work, cpId, { closingSupplyId: null });
      }),
  };
}

function handle(work: Work, record: ToCentral): void {
  switch (record.from) {
    case 'engine':
      handleEngineMessage(work, record.cpId, record);
      return;
    case 'engine-hello':
      handleHello(work, record.cpId, record);
      return;
    case 'requester':
      handleRequest(work, record.cpId, record.request);
      return;
    case 'driver-stop': {
      const { supplyId, driverId } = record;
      const cpId = work.draft.supplies.get(supplyId)?.cpId;
      cpId === undefined ? undefined : decide(work, cpId, { kind: 'driver-stop', supplyId, driverId });
      return;
    }
    default:
      record satisfies never;
  }
}

function loseMonitor(work: Work, cpId: string): void {
  const { facts } = point(work, cpId);
  changePoint(work, cpId, { facts: { ...facts, isMonitorAlive: false } });
  decide(work, cpId, { kind: 'monitor-lost' });
}

function changeHealth(work: Work, cpId: string, health: { isEngineOk: boolean; isChannelUp: boolean }): void {
  const before = point(work, cpId).facts;
  changePoint(work, cpId, { facts: { ...before, ...health, isMonitorAlive: true } });
  if (!before.isMonitorAlive) decide(work, cpId, { kind: 'monitor-connected' });
  if (before.isEngineOk !== health.isEngineOk)
    decide(work, cpId, { kind: health.isEngineOk ? 'engine-ok' : 'engine-ko' });
}

function withReading(
  memory: Map<string, MeterSnapshot>,
  record: Extract<ToCentral, { from: 'engine' }>,
  nowMs: number,
): Map<string, MeterSnapshot> {
  const { message } = record;
  if (message.type !== 'meter-reading') return memory;
  const { supplyId, sequence, energyWh, powerW, measuredAtMs } = message;
  const incoming = { sequence, energyWh, powerW, measuredAtMs, receivedAtMs: nowMs };
  return memory.set(supplyId, newerSnapshot(memory.get(supplyId) ?? null, incoming));
}

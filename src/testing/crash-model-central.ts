import { type MeterSnapshot, newerSnapshot, type SupplyPolicy } from '../domain/supply.ts';
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

const CRASH_AT_STEP = 0.006;
const LOST_AFTER_MS = 3_000;

/** The fake Central: the real decisions, a database that is copied and swapped, and a process that may die anywhere. */
export class ModelCentral {
  private readonly parts: CentralParts;
  private readonly log: ToCentral[] = [];
  private state: FakeDatabase;
  private alive = true;
  private bootAtMs: number;
  private count = 0;
  private memory = new Map<string, MeterSnapshot>();
  private heardAtMs = new Map<string, number>();

  constructor(parts: CentralParts) {
    const { clock, cpIds } = parts;
    this.parts = parts;
    this.state = emptyDatabase(cpIds);
    this.bootAtMs = clock.nowMs();
    clock.every(500, () => this.runTimers());
    clock.every(1_000, () => this.sweepMonitors());
    clock.every(2_000, () => this.alive && this.flush());
    clock.every(5_000, () => {
      if (this.alive) this.state = { ...this.state, snapshots: new Map(this.memory) };
    });
  }

  database(): FakeDatabase {
    return this.state;
  }

  isAlive(): boolean {
    return this.alive;
  }

  kill(): void {
    this.alive = false;
  }

  start(): void {
    if (this.alive) return;
    this.alive = true;
    this.bootAtMs = this.parts.clock.nowMs();
    this.memory = new Map(this.state.snapshots);
    this.heardAtMs = new Map();
    this.pump();
  }

  /** A record that lies in Kafka, until its offset is committed. */
  receive(record: ToCentral): void {
    this.log.push(record);
    this.pump();
  }

  /** The Monitor's OK or KO over the socket. */
  heartbeat(cpId: string, health: { isEngineOk: boolean; isChannelUp: boolean }): void {
    if (!this.alive) return;
    this.heardAtMs.set(cpId, this.parts.clock.nowMs());
    const { facts } = this.state.points.get(cpId)!;
    const isEdge =
      !facts.isMonitorAlive || facts.isEngineOk !== health.isEngineOk || facts.isChannelUp !== health.isChannelUp;
    if (isEdge) this.transact((work) => changeHealth(work, cpId, health));
  }

  /** An order of a person; lost if Central is down. */
  order(cpId: string, event: SupplyEvent): void {
    this.transact((work) => decide(work, cpId, event));
  }

  setHold(cpId: string, kind: HoldKind, isSet: boolean): void {
    this.transact((work) => changeHold(work, cpId, isSet ? { add: kind } : { remove: kind }));
  }

  renewKey(cpId: string): void {
    this.transact((work) => {
      changeHold(work, cpId, { remove: 'KEY_REVOKED' });
      changePoint(work, cpId, { closingSupplyId: null });
    });
  }

  private crashes(): boolean {
    const { dice, transport } = this.parts;
    if (this.alive && transport.isStormy() && dice.chance(CRASH_AT_STEP)) this.alive = false;
    return !this.alive;
  }

  private flush(): void {
    const { clock, deliver } = this.parts;
    for (const row of this.state.outbox) {
      if (this.crashes()) return;
      const isLate = row.message.type === 'start-supply' && clock.nowMs() >= row.message.expiresAtMs;
      if (!isLate) deliver(row);
      if (this.crashes()) return;
      this.state = { ...this.state, outbox: this.state.outbox.filter((other) => other !== row) };
    }
  }

  private transact(body: (work: Work) => void): void {
    if (!this.alive) return;
    const { clock, deliver, policy, rules } = this.parts;
    const draft = copyOf(this.state);
    const at = { nowMs: clock.nowMs(), policy, listeningSinceMs: this.bootAtMs };
    body({ draft, rules, memory: this.memory, at, nextId: () => this.nextId() });
    if (rules.isSentBeforeCommit) for (const row of draft.outbox.splice(0)) deliver(row);
    if (this.crashes()) return;
    checkDatabase(draft, this.state);
    this.state = draft;
    if (!this.crashes()) this.flush();
  }

  private nextId(): number {
    this.count += 1;
    return this.count;
  }

  private pump(): void {
    const { clock, rules } = this.parts;
    for (let record = this.log[0]; this.alive && record !== undefined; record = this.log[0]) {
      if (rules.isOffsetCommittedFirst) this.log.shift();
      if (record.from === 'engine') this.memory = withReading(this.memory, record, clock.nowMs());
      const taken = record;
      this.transact((work) => handle(work, taken));
      if (this.alive && !rules.isOffsetCommittedFirst) this.log.shift();
    }
  }

  private runTimers(): void {
    for (const { cpId, supplyId, deadlineAtMs } of this.state.supplies.values()) {
      if (deadlineAtMs === null || deadlineAtMs > this.parts.clock.nowMs()) continue;
      this.transact((work) => decide(work, cpId, { kind: 'deadline', supplyId }));
    }
  }

  private sweepMonitors(): void {
    for (const [cpId, row] of this.state.points) {
      const silentMs = this.parts.clock.nowMs() - (this.heardAtMs.get(cpId) ?? this.bootAtMs);
      if (row.facts.isMonitorAlive && silentMs >= LOST_AFTER_MS) this.transact((work) => loseMonitor(work, cpId));
    }
  }
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

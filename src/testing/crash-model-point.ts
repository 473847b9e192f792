import { helloOf } from '../domain/engine-journal.ts';
import {
  DEFAULT_ENGINE_POLICY,
  type EndedEngineSupply,
  type EngineEffect,
  type EngineEvent,
  type EngineJournalEntry,
  type EngineMessage,
  type EnginePolicy,
  type EngineState,
} from '../domain/engine-supply.ts';
import type { Dice } from './crash-model-dice.ts';
import { bootIdOf } from './crash-model-handlers.ts';
import { promise } from './crash-model-invariants.ts';
import type { ToCentral, ToEngine } from './crash-model-messages.ts';
import type { ModelRules } from './crash-model-rules.ts';
import type { FakeTransport } from './crash-model-transport.ts';
import type { FakeClock } from './fake-clock.ts';

/** How an engine dies: `written` survives a kill, only `synced` a power cut, nothing a lost disk. */
export type Death = 'kill -9' | 'power cut' | 'disk lost';

/** What a point is made of. */
export interface PointParts {
  readonly cpId: string;
  readonly clock: FakeClock;
  readonly dice: Dice;
  readonly transport: FakeTransport;
  readonly rules: ModelRules;
  readonly monitorLoss: 'continue' | 'stop';
  readonly toCentral: (record: ToCentral) => void;
  readonly isCentralAlive: () => boolean;
  readonly heartbeat: (health: { isEngineOk: boolean; isChannelUp: boolean }) => void;
  readonly onPlugged: (supplyId: string) => void;
}

/** What really happened at the point, for the final account. */
export interface Ledger {
  /** Every end that reached the journal. */
  readonly ended: Map<string, EndedEngineSupply>;
  readonly plugged: Set<string>;
  /** Ids whose journal was lost before Central acknowledged them. */
  readonly lost: Set<string>;
}

const CRASH_AT_STEP = 0.006;
const HELLO_EVERY_MS = 8 * 60_000;
const SYNC_EVERY_MS = 5_000;

/** Engine with its journal, Monitor, and the hand of whoever stands there. */
export class ModelPoint {
  readonly ledger: Ledger = { ended: new Map(), plugged: new Set(), lost: new Set() };
  private readonly parts: PointParts;
  private readonly policy: EnginePolicy;
  private journal: EngineJournalEntry[] = [];
  private synced = 0;
  private engine: EngineState | null = null;
  private boot = 0;
  private isHelloDue = false;
  private isMonitorAlive = true;
  private hasMonitorKey = false;
  private misses = 2;
  private mayStartAtMs = 0;

  constructor(parts: PointParts) {
    const { clock } = parts;
    this.parts = parts;
    this.policy = { ...DEFAULT_ENGINE_POLICY, monitorLoss: parts.monitorLoss };
    this.start();
    clock.every(1_000, () => this.monitorAsks());
    clock.every(1_000, () => this.meter());
    clock.every(3_000, () => this.isHelloDue && this.sayHello());
    clock.every(HELLO_EVERY_MS, () => {
      this.isHelloDue = true;
      this.sayHello();
    });
    clock.every(SYNC_EVERY_MS, () => {
      this.synced = this.journal.length;
    });
  }

  state(): EngineState | null {
    return this.engine;
  }

  act(event: EngineEvent): void {
    if (this.engine === null) return;
    const step = this.parts.rules.decideEngine(this.engine, event, this.parts.clock.nowMs());
    this.engine = step.state;
    this.perform(step.effects);
  }

  receive(message: ToEngine): void {
    if (message.type !== 'hello-answered') {
      this.act(eventOf(message));
      return;
    }
    if (message.boot !== this.boot) return;
    this.isHelloDue = false;
    const { acknowledgedSupplyIds, openSupply } = message;
    this.act({ kind: 'hello-answered', acknowledgedSupplyIds, openSupply, policy: this.policy });
  }

  /** A stop that the Monitor relays. */
  relay(message: ToEngine): void {
    if (this.isMonitorAlive) this.receive(message);
  }

  /** `awayMs`: it cannot be started before. */
  kill(death: Death, awayMs: number): void {
    const { clock, dice } = this.parts;
    this.engine = null;
    this.mayStartAtMs = Math.max(this.mayStartAtMs, clock.nowMs() + awayMs);
    if (death === 'power cut') this.journal = this.journal.slice(0, dice.between(this.synced, this.journal.length));
    if (death === 'disk lost') {
      for (const supplyId of unsettled(this.journal)) this.ledger.lost.add(supplyId);
      this.journal = [];
    }
    this.synced = this.journal.length;
  }

  start(): void {
    const { clock, cpId, rules } = this.parts;
    if (this.engine !== null || clock.nowMs() < this.mayStartAtMs) return;
    this.boot += 1;
    const step = rules.restartEngine({ cpId, policy: this.policy, entries: this.journal }, clock.nowMs());
    this.engine = step.state;
    this.perform(step.effects);
  }

  setMonitor(isAlive: boolean): void {
    if (isAlive && !this.isMonitorAlive) this.hasMonitorKey = false;
    this.isMonitorAlive = isAlive;
  }

  private sayHello(): void {
    const { boot, parts } = this;
    if (this.engine?.hasKey !== true) return;
    const hello = { ...helloOf(this.engine), bootId: bootIdOf(parts.cpId, boot) };
    parts.transport.send(() => parts.toCentral({ from: 'engine-hello', cpId: parts.cpId, hello, boot }));
  }

  private send(message: EngineMessage): void {
    const { boot, parts } = this;
    if (this.engine?.hasKey !== true) return;
    parts.transport.send(() => parts.toCentral({ from: 'engine', cpId: parts.cpId, message, boot }));
  }

  private perform(effects: readonly EngineEffect[]): void {
    for (const effect of effects) {
      if (this.crashes()) return;
      if (effect.kind === 'send') this.send(effect.message);
      else this.write(effect.entry, effect.isDurable);
    }
  }

  private write(entry: EngineJournalEntry, isDurable: boolean): void {
    this.journal.push(entry);
    if (isDurable && this.parts.rules.isJournalSynced) this.synced = this.journal.length;
    account(this.ledger, this.journal, entry);
    if (entry.kind === 'plugged') this.parts.onPlugged(entry.supplyId);
  }

  private crashes(): boolean {
    const { dice, transport } = this.parts;
    if (this.engine === null) return true;
    if (!transport.isStormy() || !dice.chance(CRASH_AT_STEP)) return false;
    this.kill(dice.pick(['kill -9', 'power cut']), 0);
    return true;
  }

  private monitorAsks(): void {
    const { heartbeat, isCentralAlive } = this.parts;
    if (!this.isMonitorAlive) return;
    this.hasMonitorKey ||= isCentralAlive();
    this.act({ kind: 'monitor-asked', isCentralReachable: isCentralAlive() });
    if (this.engine !== null && !this.engine.hasKey && this.hasMonitorKey) {
      this.act({ kind: 'key-changed', hasKey: true });
      this.isHelloDue = true;
      this.sayHello();
    }
    this.misses = this.engine === null ? this.misses + 1 : 0;
    const isEngineOk = this.misses < 2 && this.engine?.isFaulty !== true;
    heartbeat({ isEngineOk, isChannelUp: this.engine?.hasKey === true && !this.isHelloDue });
  }

  private meter(): void {
    const current = this.engine?.current;
    const energyWh = (current?.energyWh ?? 0) + this.parts.dice.between(3, 13);
    if (current?.phase === 'CHARGING') this.act({ kind: 'meter', energyWh, powerW: 36_000 });
    this.act({ kind: 'tick' });
  }
}

function account(ledger: Ledger, journal: readonly EngineJournalEntry[], entry: EngineJournalEntry): void {
  if (entry.kind === 'plugged') {
    promise(!ledger.plugged.has(entry.supplyId), 'a supply is plugged in once', entry);
    ledger.plugged.add(entry.supplyId);
  }
  if (entry.kind !== 'ended') return;
  const { record } = entry;
  promise(!ledger.ended.has(record.supplyId), 'a supply ends once at the engine', record);
  const reading = journal.findLast((line) => line.kind === 'reading' && line.supplyId === record.supplyId);
  const journaledWh = reading?.kind === 'reading' ? reading.energyWh : 0;
  promise(record.energyWh === journaledWh, 'the end has the energy of the last journaled reading', record);
  ledger.ended.set(record.supplyId, record);
}

function unsettled(journal: readonly EngineJournalEntry[]): Set<string> {
  const ids = new Set<string>();
  for (const entry of journal) {
    if (entry.kind === 'accepted') ids.add(entry.record.supplyId);
    if (entry.kind === 'acknowledged' || entry.kind === 'dropped') ids.delete(entry.supplyId);
  }
  return ids;
}

function eventOf(message: Exclude<ToEngine, { type: 'hello-answered' }>): EngineEvent {
  const { type, ...body } = message;
  switch (type) {
    case 'start-supply':
      return { kind: type, ...(body as Omit<Extract<ToEngine, { type: 'start-supply' }>, 'type'>) };
    case 'stop-supply':
      return { kind: type, ...(body as Omit<Extract<ToEngine, { type: 'stop-supply' }>, 'type'>) };
    case 'supply-authorised':
    case 'cancel-supply':
    case 'supply-closed':
      return { kind: type, supplyId: body.supplyId };
    default:
      return type satisfies never;
  }
}

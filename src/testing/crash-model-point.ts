import { helloOf } from '../domain/engine-journal.ts';
import {
  DEFAULT_ENGINE_POLICY,
  type EndedEngineSupply,
  type EngineEffect,
  type EngineEvent,
  type EngineJournalEntry,
  type EngineMessage,
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

/** Engine with its journal, Monitor, and the hand of whoever stands there. */
export interface ModelPoint {
  readonly ledger: Ledger;
  state(): EngineState | null;
  act(event: EngineEvent): void;
  receive(message: ToEngine): void;
  /** A stop that the Monitor relays. */
  relay(message: ToEngine): void;
  /** `awayMs`: it cannot be started before. */
  kill(death: Death, awayMs: number): void;
  start(): void;
  setMonitor(isAlive: boolean): void;
  sayHello(): void;
}

const CRASH_AT_STEP = 0.006;
const HELLO_EVERY_MS = 8 * 60_000;
const SYNC_EVERY_MS = 5_000;

/** A point whose parts all run. */
export function createModelPoint(parts: PointParts): ModelPoint {
  const { clock, dice, cpId, rules } = parts;
  const ledger: Ledger = { ended: new Map(), plugged: new Set(), lost: new Set() };
  const policy = { ...DEFAULT_ENGINE_POLICY, monitorLoss: parts.monitorLoss };
  let journal: EngineJournalEntry[] = [];
  let synced = 0;
  let state: EngineState | null = null;
  let boot = 0;
  let isHelloDue = false;
  let isMonitorAlive = true;
  let hasMonitorKey = false;
  let misses = 2;
  let mayStartAtMs = 0;

  const kill = (death: Death, awayMs: number): void => {
    state = null;
    mayStartAtMs = Math.max(mayStartAtMs, clock.nowMs() + awayMs);
    if (death === 'power cut') journal = journal.slice(0, dice.between(synced, journal.length));
    if (death === 'disk lost') {
      for (const supplyId of unsettled(journal)) ledger.lost.add(supplyId);
      journal = [];
    }
    synced = journal.length;
  };
  const crashes = (): boolean => {
    if (state === null || !parts.transport.isStormy() || !dice.chance(CRASH_AT_STEP)) return state === null;
    kill(dice.pick(['kill -9', 'power cut']), 0);
    return true;
  };
  const send = (message: EngineMessage): void => {
    if (state?.hasKey !== true) return;
    const from = boot;
    parts.transport.send(() => parts.toCentral({ from: 'engine', cpId, message, boot: from }));
  };
  const perform = (effects: readonly EngineEffect[]): void => {
    for (const effect of effects) {
      if (crashes()) return;
      if (effect.kind === 'send') {
        send(effect.message);
        continue;
      }
      journal.push(effect.entry);
      if (effect.isDurable && rules.isJournalSynced) synced = journal.length;
      account(ledger, journal, effect.entry);
      if (effect.entry.kind === 'plugged') parts.onPlugged(effect.entry.supplyId);
    }
  };
  const act = (event: EngineEvent): void => {
    if (state === null) return;
    const step = rules.decideEngine(state, event, clock.nowMs());
    state = step.state;
    perform(step.effects);
  };
  const start = (): void => {
    if (state !== null || clock.nowMs() < mayStartAtMs) return;
    boot += 1;
    const step = rules.restartEngine({ cpId, policy, entries: journal }, clock.nowMs());
    state = step.state;
    perform(step.effects);
  };
  const sayHello = (): void => {
    if (state?.hasKey !== true) return;
    const hello = { ...helloOf(state), bootId: bootIdOf(cpId, boot) };
    const from = boot;
    parts.transport.send(() => parts.toCentral({ from: 'engine-hello', cpId, hello, boot: from }));
  };
  const receive = (message: ToEngine): void => {
    if (message.type !== 'hello-answered') {
      act(eventOf(message));
      return;
    }
    if (message.boot !== boot) return;
    isHelloDue = false;
    const { acknowledgedSupplyIds, openSupply } = message;
    act({ kind: 'hello-answered', acknowledgedSupplyIds, openSupply, policy });
  };
  const ask = (): void => {
    if (!isMonitorAlive) return;
    hasMonitorKey ||= parts.isCentralAlive();
    act({ kind: 'monitor-asked', isCentralReachable: parts.isCentralAlive() });
    if (state !== null && !state.hasKey && hasMonitorKey) {
      act({ kind: 'key-changed', hasKey: true });
      isHelloDue = true;
      sayHello();
    }
    misses = state === null ? misses + 1 : 0;
    const isEngineOk = misses < 2 && state?.isFaulty !== true;
    parts.heartbeat({ isEngineOk, isChannelUp: state?.hasKey === true && !isHelloDue });
  };

  start();
  clock.every(1_000, ask);
  clock.every(1_000, () => {
    const energyWh = (state?.current?.energyWh ?? 0) + dice.between(3, 13);
    if (state?.current?.phase === 'CHARGING') act({ kind: 'meter', energyWh, powerW: 36_000 });
    act({ kind: 'tick' });
  });
  clock.every(3_000, () => isHelloDue && sayHello());
  clock.every(HELLO_EVERY_MS, () => {
    isHelloDue = true;
    sayHello();
  });
  clock.every(SYNC_EVERY_MS, () => {
    synced = journal.length;
  });

  return {
    ledger,
    state: () => state,
    act,
    receive,
    relay: (message) => {
      if (isMonitorAlive) receive(message);
    },
    kill,
    start,
    setMonitor: (isAlive) => {
      if (isAlive && !isMonitorAlive) hasMonitorKey = false;
      isMonitorAlive = isAlive;
    },
    sayHello,
  };
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

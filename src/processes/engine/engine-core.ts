import { decideEngine, mayRequestLocally } from '../../domain/engine-decide.ts';
import { restartEngine } from '../../domain/engine-journal.ts';
import {
  DEFAULT_ENGINE_POLICY,
  type EndedEngineSupply,
  type EngineEvent,
  type EngineState,
  type EngineSupplyRecord,
} from '../../domain/engine-supply.ts';
import { amountCents } from '../../domain/tariff.ts';
import type { HoldKind } from '../../domain/vocabulary.ts';
import { charge } from '../../io/audit/audit-events.ts';
import type { Timer } from '../../io/clock.ts';
import type { ActivityLog } from '../../io/live/activity-log.ts';
import type { CentralToEngine, PointIdentity } from '../../messages/engine-central.ts';
import type { EngineView } from '../../messages/live-stream.ts';
import type { CentralChannel } from './central-channel.ts';
import { ChargingLoop } from './charging-loop.ts';
import { Effects } from './effects.ts';
import type { EngineParts, EngineSettings, PointRefusal } from './engine-parts.ts';
import type { EngineTime } from './engine-time.ts';
import { LocalRequest } from './local-request.ts';

export type Ticket = NonNullable<EngineView['lastTicket']>;

export type EngineCoreParts = {
  cpId: string;
  bootId: string;
  settings: EngineSettings;
  parts: EngineParts;
  time: EngineTime;
  channel: CentralChannel;
  activity: ActivityLog;
  onChange(): void;
};

const ANON = 'ANON';

/** One point's supply: every event goes to the pure machine, every decision to disk and to Central. */
export class EngineCore {
  readonly #with: EngineCoreParts;
  readonly #effects: Effects;
  readonly #loop: ChargingLoop;
  readonly request = new LocalRequest();
  state: EngineState;
  holds: readonly HoldKind[] = [];
  point: PointIdentity | undefined;
  lastTicket: Ticket | undefined;
  /** What is simulated; the settings' at first, then whatever the hand at the point says. */
  simulation: Omit<EngineView['simulation'], 'isLinkCut'>;
  #automatic: Timer | undefined;
  #isStopped = false;

  constructor(given: EngineCoreParts) {
    this.#with = given;
    const { cpId, bootId, settings, parts, time, channel } = given;
    const { speed, autoPlugMs, autoUnplugMs } = settings;
    this.simulation = { speed, autoPlugMs, autoUnplugMs };
    this.#effects = new Effects({ cpId, bootId, journal: parts.journal, channel, log: parts.log });
    this.#loop = new ChargingLoop({
      ...{ clock: parts.clock, vehicle: settings.vehicle, speed: () => this.simulation.speed },
      nowMs: () => time.nowMs(),
      maxPowerW: () => this.point?.maxPowerW ?? settings.vehicle.maxPowerW,
      onReading: (reading) => this.#decide({ kind: 'meter', ...reading }),
    });
    const entries = parts.journal.takeEntries(cpId);
    const step = restartEngine({ cpId, policy: DEFAULT_ENGINE_POLICY, entries }, time.nowMs());
    this.state = step.state;
    this.#effects.add(step.effects);
    const newest = step.state.unacknowledged.at(-1)?.record;
    if (newest) this.#showEnd(newest);
    // What the process before this one did not live to end (D-10).
    const cut = step.effects.length > 0 ? newest : undefined;
    if (cut) this.#recordEnd(cut);
  }

  get powerW(): number {
    return this.#loop.powerW;
  }

  /** Central's clock to ours, for figures that Central set. */
  localMs(centralAtMs: number): number {
    const { channel, time } = this.#with;
    return Math.round(centralAtMs - channel.offsetOfCentralMs(time.nowMs()));
  }

  /** One event; none counts once the engine stops, as if the process were gone. What may end a charge is preceded by a last reading. */
  apply(event: EngineEvent): void {
    if (this.#isStopped) return;
    if (ENDING_EVENTS.has(event.kind)) this.#loop.readNow();
    this.#decide(event);
  }

  /** Takes effect at once, also in the middle of a charge: what was drawn so far was drawn at the speed of before. */
  simulate(change: Partial<EngineCore['simulation']>): void {
    this.#loop.readNow();
    this.simulation = { ...this.simulation, ...change };
    this.#automatic?.cancel();
    const phase = this.state.current?.phase;
    if (phase !== undefined) this.#automate(phase);
    this.#with.onChange();
  }

  /** Once a second: time-outs, ends to be told again, a request that nobody answered. */
  tick(): void {
    const { time } = this.#with;
    if (this.state.current === null) time.settle();
    this.apply({ kind: 'tick' });
    if (this.request.expire(time.nowMs())) this.#with.onChange();
  }

  /** Why nobody may ask for a supply at the point now. */
  startBlockedBy(): Extract<PointRefusal, NonNullable<EngineView['startBlockedBy']>> | undefined {
    const blocked = mayRequestLocally(this.state, this.#with.time.nowMs());
    if (blocked !== undefined) return blocked;
    if (this.request.pending) return 'BUSY';
    if (this.holds.length > 0) return 'OUT_OF_SERVICE';
    return this.#with.channel.isUp ? undefined : 'NO_CHANNEL';
  }

  /** The ticket's number and amount, or a supply that ended without one. */
  closed(closing: CentralToEngine['supply-closed']): void {
    const known = this.lastTicket;
    if (known?.supplyId !== closing.supplyId) return;
    const { ticketNumber, energyWh, amountCents: cents } = closing;
    this.lastTicket = {
      ...known,
      ...{ energyWh, amountCents: cents, isAcknowledged: true, endReason: closing.endReason ?? known.endReason },
      ...(ticketNumber === undefined ? {} : { ticketNumber }),
    };
    if (ticketNumber !== undefined) this.#with.activity.add('TICKET', { ticketNumber, energyWh, amountCents: cents });
  }

  /** Everything that was decided is on disk; a running charge stays open in the journal (it ends as ENGINE_RESTART). */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#automatic?.cancel();
    this.#loop.unplug();
    await this.#effects.settled();
  }

  #decide(event: EngineEvent): void {
    const before = this.state;
    const { state, effects } = decideEngine(before, event, this.#with.time.nowMs());
    this.state = state;
    this.#effects.add(effects);
    if (state.current !== before.current) this.#follow(before.current, state.current);
    for (const effect of effects) {
      if (effect.kind === 'send' && effect.message.type === 'supply-declined')
        this.#with.activity.add('DECLINED', { code: effect.message.code });
    }
    if (state !== before || effects.length > 0) this.#with.onChange();
    if (state.current === null && state.unacknowledged.length === 0) this.#with.channel.closeIfRevoked();
  }

  /** What a changed supply means beyond the machine: the meter, the automatic hand, the records of people. */
  #follow(before: EngineSupplyRecord | null, now: EngineSupplyRecord | null): void {
    if (before && before.supplyId !== now?.supplyId) this.#ended(before);
    if (!now || (before?.supplyId === now.supplyId && before.phase === now.phase)) return;
    const { activity, parts, cpId } = this.#with;
    const { supplyId, driverId = ANON, phase } = now;
    this.#automatic?.cancel();
    if (phase === 'ACCEPTED') activity.add('SUPPLY_ACCEPTED', { driverId });
    if (phase === 'AUTHORISED') {
      activity.add('SUPPLY_AUTHORISED', { driverId });
      parts.audit.record(charge.authorised({ entity: 'central' }, { cpId, supplyId, driverId }));
    }
    if (phase === 'CHARGING') {
      activity.add('PLUGGED', { driverId });
      parts.audit.record(charge.started({ entity: `cp:${cpId}` }, { cpId, supplyId, driverId }));
      this.#loop.plug();
    }
    this.#automate(phase);
  }

  #ended(before: EngineSupplyRecord): void {
    this.#automatic?.cancel();
    this.#loop.unplug();
    const ended = this.state.unacknowledged.find(({ record }) => record.supplyId === before.supplyId)?.record;
    if (!ended) {
      this.#with.activity.add('SUPPLY_DROPPED');
      return;
    }
    this.#showEnd(ended);
    this.#recordEnd(ended);
  }

  #recordEnd(ended: EndedEngineSupply): void {
    const { activity, parts, cpId } = this.#with;
    const { supplyId, driverId = ANON, energyWh, endReason } = ended;
    activity.add('SUPPLY_ENDED', { reason: endReason, energyWh });
    parts.audit.record(
      charge.ended(
        { entity: `cp:${cpId}` },
        {
          ...{ cpId, supplyId, driverId, energyWh, reason: endReason, isEstimated: false, ticketNumber: 'pending' },
          amountCents: amountCents(energyWh, ended.priceE4PerKwh),
        },
      ),
    );
  }

  #showEnd(ended: EndedEngineSupply): void {
    const { supplyId, energyWh, priceE4PerKwh, endedAtMs, endReason, pluggedAtMs, driverId } = ended;
    this.lastTicket = {
      ...{ supplyId, energyWh, priceE4PerKwh, endedAtMs, endReason, isAcknowledged: false },
      amountCents: amountCents(energyWh, priceE4PerKwh),
      ...(pluggedAtMs === undefined ? {} : { pluggedAtMs }),
      ...(driverId === undefined ? {} : { driverId }),
    };
  }

  /** The hand that plugs and unplugs by itself, if it is on. */
  #automate(phase: EngineSupplyRecord['phase']): void {
    const { autoPlugMs, autoUnplugMs } = this.simulation;
    const after = (delayMs: number, event: EngineEvent) => {
      if (delayMs > 0) this.#automatic = this.#with.parts.clock.setTimer(() => this.apply(event), delayMs);
    };
    if (phase === 'AUTHORISED') after(autoPlugMs, { kind: 'plug' });
    if (phase === 'CHARGING') after(autoUnplugMs, { kind: 'unplug' });
  }
}

const ENDING_EVENTS: ReadonlySet<EngineEvent['kind']> = new Set(['unplug', 'local-stop', 'stop-supply', 'set-faulty']);

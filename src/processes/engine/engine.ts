import { helloOf } from '../../domain/engine-journal.ts';
import { isMonitorGone } from '../../domain/engine-start.ts';
import { charge, incident, security, system } from '../../io/audit/audit-events.ts';
import type { Timer } from '../../io/clock.ts';
import { type ActivityLog, createActivityLog } from '../../io/live/activity-log.ts';
import { newRandomId } from '../../io/new-id.ts';
import type { EngineToCentral } from '../../messages/engine-central.ts';
import { REQUEST_TTL_MS } from '../../messages/envelope.ts';
import type { EngineView } from '../../messages/live-stream.ts';
import type { SimulationChange } from '../../messages/local-apis.ts';
import type { EngineToMonitor, MonitorToEngine } from '../../messages/monitor-engine.ts';
import type { ActivityCode } from '../../messages/shown-codes.ts';
import { CentralChannel } from './central-channel.ts';
import { EngineCore } from './engine-core.ts';
import type { Engine, EngineParts, EngineSettings, PointRefusal } from './engine-parts.ts';
import { EngineTime } from './engine-time.ts';
import { engineView } from './engine-view.ts';
import { handleFromCentral } from './handlers/from-central.ts';
import { MonitorLink } from './monitor-link.ts';

const TICK_MS = 1_000;

/** A charging point's engine (S-ENG): waits for its Monitor, then serves supplies until it is stopped. */
export function startEngine(settings: EngineSettings, parts: EngineParts): Engine {
  return new RunningEngine(settings, parts);
}

class RunningEngine implements Engine {
  readonly #settings: EngineSettings;
  readonly #parts: EngineParts;
  readonly #bootId = newRandomId();
  readonly #time: EngineTime;
  readonly #activity: ActivityLog;
  readonly #monitor: MonitorLink;
  readonly #ticking: Timer;
  #listener: () => void = () => undefined;
  #core: EngineCore | undefined;
  #channel: CentralChannel | undefined;
  #isFaultSet = false;
  #isJournalWritable: boolean;

  constructor(settings: EngineSettings, parts: EngineParts) {
    this.#settings = settings;
    this.#parts = parts;
    const { clock, log, journal } = parts;
    this.#time = new EngineTime(clock);
    this.#activity = createActivityLog(clock, settings.logLines);
    this.#isJournalWritable = journal.isWritable();
    journal.onWritableChanged((isWritable, error) => this.#journalChanged(isWritable, error));
    this.#monitor = new MonitorLink({
      ...{ bootId: this.#bootId, pairingToken: settings.pairingToken, clock, log, dial: parts.dialMonitor },
      identify: (cpId) => this.#identify(cpId),
      keyId: () => this.#channel?.keyId,
      answerHealth: (question) => this.#answerHealth(question),
      onInstallKey: (order) => this.#installKey(order),
      onKeyRevoked: ({ keyId }) => this.#revokeKey(keyId),
      onStopSupply: ({ supplyId, reason }) => this.#core?.apply({ kind: 'stop-supply', supplyId, reason }),
      onPaired: ({ point }, address) => {
        if (point && this.#core) this.#core.point = point;
        this.#tell('MONITOR_PAIRED', { address });
      },
      onRefused: (code, address) => {
        parts.audit.record(
          security.connectionRefused({ entity: 'monitor', address }, { where: 'engine', cause: code }),
        );
        this.#tell('PAIRING_REFUSED', { code });
      },
      onClosed: (wasPaired) => {
        if (wasPaired) this.#tell('MONITOR_GONE');
      },
    });
    this.#ticking = clock.setRepeating(() => this.#tick(), TICK_MS);
  }

  view(): EngineView {
    return engineView({
      ...{
        bootId: this.#bootId,
        core: this.#core,
        nowMs: this.#time.nowMs(),
        isFaulted: this.#faultCode() !== undefined,
      },
      ...{ faultCode: this.#faultCode(), isMonitorPaired: this.isMonitorPaired, isChannelUp: this.isChannelUp },
      simulation: this.#simulation(),
      ...{ keyId: this.#channel?.keyId, isJournalWritable: this.#isJournalWritable, log: this.#activity.lines() },
    });
  }

  onChange(listener: () => void): void {
    this.#listener = listener;
  }

  get cpId(): string | undefined {
    return this.#core?.state.cpId;
  }

  get isMonitorPaired(): boolean {
    return this.#monitor.isPaired;
  }

  get isChannelUp(): boolean {
    return this.#channel?.isUp ?? false;
  }

  get isKeyRevoked(): boolean {
    return this.#channel?.isRevoked ?? false;
  }

  get isBrokerUp(): boolean | undefined {
    return this.#channel?.isBrokerUp;
  }

  get isCentralReachable(): boolean {
    const state = this.#core?.state;
    return state?.isCentralReachable === true && !isMonitorGone(state, this.#time.nowMs());
  }

  get isFaultSet(): boolean {
    return this.#isFaultSet;
  }

  get isIdle(): boolean {
    return this.#core !== undefined && this.#core.state.current === null && !this.#core.request.pending;
  }

  get isCharging(): boolean {
    return this.#core?.state.current?.phase === 'CHARGING';
  }

  get unacknowledgedCount(): number {
    return this.#core?.state.unacknowledged.length ?? 0;
  }

  start(requestId: string): PointRefusal | undefined {
    const core = this.#core;
    if (!core) return 'NO_MONITOR';
    if (core.request.pending?.requestId === requestId || core.state.current?.requestId === requestId) return undefined;
    const blocked = core.startBlockedBy();
    if (blocked !== undefined) return blocked;
    const nowMs = this.#time.nowMs();
    core.request.begin(requestId, nowMs);
    const { audit, log } = this.#parts;
    const { cpId } = core.state;
    audit.record(charge.requested({ entity: `cp:${cpId}` }, { cpId, driverId: 'ANON', requestId }));
    this.#channel?.send('supply-requested', { requestId }, { ttlMs: REQUEST_TTL_MS }).catch((error: unknown) => {
      log.warn({ err: error, cpId }, 'the request did not reach Central');
      core.request.refuse(requestId, { code: 'SERVICE_UNAVAILABLE', detail: 'NOT_SENT' }, this.#time.nowMs());
      this.#listener();
    });
    this.#tell('SUPPLY_REQUESTED');
    return undefined;
  }

  cancel(): PointRefusal | undefined {
    const phase = this.#core?.state.current?.phase;
    if (phase === 'ACCEPTED' || phase === 'AUTHORISED') this.#core?.apply({ kind: 'local-stop' });
    else if (!this.#core?.request.cancel()) return 'NOTHING_TO_CANCEL';
    this.#listener();
    return undefined;
  }

  plug(): PointRefusal | undefined {
    if (this.#core?.state.current?.phase !== 'AUTHORISED') return 'NOT_AUTHORISED';
    if (this.#core.state.isFaulty) return 'FAULTED';
    this.#core.apply({ kind: 'plug' });
    return undefined;
  }

  unplug(): PointRefusal | undefined {
    if (this.#core?.state.current?.phase !== 'CHARGING') return 'NOT_CHARGING';
    this.#core.apply({ kind: 'unplug' });
    return undefined;
  }

  stopSupply(): PointRefusal | undefined {
    if (this.#core?.state.current?.phase !== 'CHARGING') return 'NOT_CHARGING';
    this.#core.apply({ kind: 'local-stop' });
    return undefined;
  }

  setLocalHold(isHeld: boolean): PointRefusal | undefined {
    if (!this.#core) return 'NO_MONITOR';
    if (this.#core.state.isLocalHold !== isHeld) this.#tell(isHeld ? 'LOCAL_HOLD_ON' : 'LOCAL_HOLD_OFF');
    this.#core.apply({ kind: 'set-local-hold', isLocalHold: isHeld });
    return undefined;
  }

  setFault(isFaulted: boolean): void {
    if (this.#isFaultSet === isFaulted) return;
    this.#isFaultSet = isFaulted;
    this.#tell(isFaulted ? 'FAULT_ON' : 'FAULT_OFF');
    this.#applyFault();
  }

  simulate({ isLinkCut, ...change }: SimulationChange): PointRefusal | undefined {
    if (!this.#core || !this.#channel) return 'NO_MONITOR';
    if (isLinkCut !== undefined && isLinkCut !== this.#channel.isCut) {
      this.#tell(isLinkCut ? 'LINK_CUT' : 'LINK_RESTORED');
      this.#channel.setCut(isLinkCut);
    }
    this.#core.simulate(change);
    this.#parts.audit.record(system.settingChanged({ entity: 'engine' }, { setting: 'simulation' }));
    return undefined;
  }

  get isAwaitingAuthorisation(): boolean {
    return this.#core?.state.current?.phase === 'ACCEPTED';
  }

  #simulation(): EngineView['simulation'] {
    const { speed, autoPlugMs, autoUnplugMs } = this.#core?.simulation ?? this.#settings;
    return { speed, autoPlugMs, autoUnplugMs, isLinkCut: this.#channel?.isCut ?? false };
  }

  async stop(): Promise<void> {
    this.#ticking.cancel();
    await this.#monitor.stop();
    await this.#core?.stop();
    await this.#channel?.stop();
  }

  /** The first Monitor tells whose engine this is; from then on no other point is served (the journal is this one's). */
  #identify(cpId: string): boolean {
    if (this.#core) return this.#core.state.cpId === cpId;
    const { clock, log, kafka, startChannel, audit } = this.#parts;
    const channel = new CentralChannel({
      ...{ cpId, bootId: this.#bootId, clock, log, kafka, startChannel, ownBrokers: this.#settings.ownBrokers },
      buildHello: () => this.#hello(),
      onHelloAnswered: (body) => this.#heard('hello-answered', body),
      onMessage: (type, body) => this.#heard(type, body),
      onStateChange: (isUp) => {
        if (!isUp)
          audit.record(incident.channelLost({ entity: `cp:${cpId}` }, { cpId, cause: 'no lease or no broker' }));
        this.#tell(isUp ? 'CHANNEL_UP' : 'CHANNEL_DOWN');
      },
      onRejected: (code, topic) => audit.record(security.recordRefused({ entity: 'central' }, { cpId, code, topic })),
    });
    this.#channel = channel;
    this.#core = new EngineCore({
      ...{ cpId, bootId: this.#bootId, settings: this.#settings, parts: this.#parts, time: this.#time, channel },
      activity: this.#activity,
      onChange: () => this.#listener(),
    });
    this.#parts.onIdentified?.(cpId);
    this.#applyFault();
    return true;
  }

  #hello(): EngineToCentral['hello'] {
    if (!this.#core) throw new Error('no hello before the point is known');
    const { sequence, isLocalHold, openSupply, unacknowledged } = helloOf(this.#core.state);
    const records = unacknowledged.map((record) => ({ ...record }));
    return {
      bootId: this.#bootId,
      sequence,
      isLocalHold,
      ...(openSupply ? { openSupply } : {}),
      unacknowledged: records,
    };
  }

  #heard(type: string, body: unknown): void {
    if (!this.#core) return;
    handleFromCentral(this.#core, { type, body }, this.#time.nowMs());
    this.#listener();
  }

  #answerHealth(question: MonitorToEngine['health-question']): EngineToMonitor['health-answer'] {
    const core = this.#core;
    const wasReachable = core?.state.isCentralReachable;
    core?.apply({ kind: 'monitor-asked', isCentralReachable: question.isCentralReachable });
    if (wasReachable !== question.isCentralReachable)
      this.#tell(question.isCentralReachable ? 'CENTRAL_REACHABLE' : 'CENTRAL_LOST');
    const code = this.#faultCode();
    const keyId = this.#channel?.keyId;
    return {
      sequence: question.sequence,
      ok: code === undefined,
      isChannelUp: this.isChannelUp,
      ...(keyId === undefined ? {} : { keyId }),
      ...(code === undefined ? {} : { code }),
    };
  }

  #installKey(order: MonitorToEngine['install-key']): void {
    if (!this.#core || !this.#channel) return;
    const { audit } = this.#parts;
    const { cpId } = this.#core.state;
    this.#core.point = order.point;
    this.#channel.install(order);
    this.#core.apply({ kind: 'key-changed', hasKey: true });
    audit.record(security.keyInstalled({ entity: `cp:${cpId}` }, { cpId, keyId: order.key.keyId }));
    this.#tell('KEY_INSTALLED');
  }

  #revokeKey(keyId: string): void {
    if (!this.#core || this.#channel?.keyId !== keyId) return;
    const { cpId } = this.#core.state;
    this.#channel.revoke(keyId);
    this.#parts.audit.record(security.keyRevoked({ entity: 'central' }, { cpId, keyId }));
    this.#tell('KEY_REVOKED');
    this.#core.apply({ kind: 'key-changed', hasKey: false });
  }

  #journalChanged(isWritable: boolean, error: unknown): void {
    this.#isJournalWritable = isWritable;
    const cause = error instanceof Error ? error.message : 'writable again';
    if (!isWritable) this.#parts.audit.record(system.journalUnwritable({ entity: 'engine' }, { cause }));
    this.#tell(isWritable ? 'JOURNAL_WRITABLE' : 'JOURNAL_UNWRITABLE');
    this.#applyFault();
  }

  #applyFault(): void {
    this.#core?.apply({ kind: 'set-faulty', isFaulty: this.#faultCode() !== undefined });
  }

  #faultCode(): string | undefined {
    if (!this.#isJournalWritable) return 'JOURNAL_UNWRITABLE';
    return this.#isFaultSet ? 'FAULT_KEY' : undefined;
  }

  #tick(): void {
    const wasPresent = this.isCentralReachable;
    this.#core?.tick();
    if (wasPresent !== this.isCentralReachable) this.#listener();
  }

  #tell(code: ActivityCode, params?: Record<string, string | number>): void {
    this.#activity.add(code, params);
    this.#listener();
  }
}

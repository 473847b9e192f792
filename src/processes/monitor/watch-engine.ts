import { type EngineHealth, engineHealth, UNKNOWN_HEALTH } from '../../domain/liveness.ts';
import type { Audit } from '../../io/audit/audit.ts';
import { error, incident, security } from '../../io/audit/audit-events.ts';
import type { Clock, Timer } from '../../io/clock.ts';
import type { ActivityLog } from '../../io/live/activity-log.ts';
import type { Log } from '../../io/log.ts';
import type { FrameConnection } from '../../io/sockets/frame-connection.ts';
import { frameMessage, type MessageOf, messageReader } from '../../io/sockets/frame-messages.ts';
import type { FrameHandlers } from '../../io/sockets/frame-server.ts';
import { isPairingProven } from '../../io/sockets/pairing.ts';
import type { TlsPeer } from '../../io/sockets/tls-peer.ts';
import { type EngineToMonitor, engineToMonitor, type MonitorToEngine } from '../../messages/monitor-engine.ts';

const readEngineMessage = messageReader(engineToMonitor);
type FromEngine = MessageOf<typeof engineToMonitor>;
type EngineHello = Extract<FromEngine, { type: 'engine-hello' }>['body'];

/** What the engine's answers and silences come to. */
export type EngineStatus = {
  isPaired: boolean;
  isOk: boolean;
  isChannelUp: boolean;
  code?: string;
  latencyMs?: number;
  latencyAverageMs?: number;
  latencyMaxMs?: number;
  missedInARow: number;
  koSinceMs?: number;
  strip: ('OK' | 'KO' | 'MISSED')[];
  installedKeyId?: string;
};

export type WatchEngineParts = {
  cpId: string;
  pairingToken: string;
  healthPeriodMs: number;
  clock: Clock;
  log: Log;
  audit: Audit;
  activity: ActivityLog;
  isCentralReachable(): boolean;
  /** The key that the engine should have; absent: none to hand over. */
  keyToInstall(): MonitorToEngine['install-key'] | undefined;
  onKeyInstalled(keyId: string): void;
  /** Anything shown has changed; `isEdge`: Central should hear of it at once. */
  onChange(isEdge: boolean): void;
};

type Pairing = { connection: FrameConnection; bootId: string; latencyMs?: number };
type Question = { sequence: number; askedAtMs: number; timer: Timer };

/** Cells of the page's strip. */
const STRIP_LENGTH = 60;
/** Time to answer: two misses are noticed within 2.6 s (D-10). */
const ANSWER_TIMEOUT_MS = 800;
const HELLO_TIMEOUT_MS = 5_000;
/** A restarted Monitor gives its engine this long to dial before it calls the silence a KO: a running supply must not end for it (D-08). */
const SETTLE_MS = 6_000;
const MAX_PENDING_ORDERS = 20;

/** The Monitor's half of the talk with its engine: pairs one engine, asks for its health each second, hands keys and orders over. */
export class EngineWatch {
  readonly #parts: WatchEngineParts;
  readonly #pulse: Timer;
  readonly #orders = new Map<string, MonitorToEngine['stop-supply']>();
  #pairing: Pairing | undefined;
  #question: Question | undefined;
  #sequence = 0;
  #health: EngineHealth = UNKNOWN_HEALTH;
  #isChannelUp = false;
  #hasToldKo = false;
  #code: string | undefined = 'NO_ENGINE';
  #koSinceMs: number | undefined;
  #installedKeyId: string | undefined;
  readonly #strip: EngineStatus['strip'] = [];
  readonly #latencies: number[] = [];
  #settling: Timer;
  #isSettled = false;
  #isStopped = false;
  #revokedKeyId: string | undefined;

  constructor(parts: WatchEngineParts) {
    this.#parts = parts;
    this.#pulse = parts.clock.setRepeating(() => this.#ask(), parts.healthPeriodMs);
    this.#settling = this.#settle();
  }

  /** For a new registration: the engine was let go by us or could not come yet, so its absence is no fault until it had time to dial. */
  startAnew(): void {
    if (this.#isStopped) return;
    const former = this.#pairing;
    this.#pairing = undefined;
    this.#dropQuestion();
    former?.connection.destroy('registered anew');
    this.#health = UNKNOWN_HEALTH;
    this.#isChannelUp = false;
    this.#hasToldKo = false;
    this.#code = 'NO_ENGINE';
    this.#koSinceMs = undefined;
    this.#installedKeyId = undefined;
    this.#strip.length = 0;
    this.#latencies.length = 0;
    this.#isSettled = false;
    this.#settling.cancel();
    this.#settling = this.#settle();
  }

  #settle(): Timer {
    return this.#parts.clock.setTimer(() => {
      this.#isSettled = true;
      this.#parts.onChange(true);
    }, SETTLE_MS);
  }

  /** What Central hears with each beat. */
  get verdict(): { isOk: boolean; isChannelUp: boolean; code: string | undefined; isSettled: boolean } {
    const { isOk } = this.#health;
    return { isOk, isChannelUp: isOk && this.#isChannelUp, code: this.#code, isSettled: this.#isSettled };
  }

  get installedKeyId(): string | undefined {
    return this.#installedKeyId;
  }

  get status(): EngineStatus {
    const { isOk, isChannelUp, code } = this.verdict;
    return {
      ...{ isPaired: this.#pairing !== undefined, isOk, isChannelUp },
      ...(code === undefined ? {} : { code }),
      ...(this.#pairing?.latencyMs === undefined ? {} : { latencyMs: this.#pairing.latencyMs }),
      ...latenciesOf(this.#latencies),
      missedInARow: this.#health.misses,
      ...(this.#koSinceMs === undefined ? {} : { koSinceMs: this.#koSinceMs }),
      strip: [...this.#strip],
      ...(this.#installedKeyId === undefined ? {} : { installedKeyId: this.#installedKeyId }),
    };
  }

  /** A new connection on 8010: nothing but `engine-hello` counts until the pairing is proven. */
  accept(connection: FrameConnection, peer: TlsPeer): FrameHandlers {
    const { clock } = this.#parts;
    const impatience = clock.setTimer(() => connection.destroy('no engine-hello'), HELLO_TIMEOUT_MS);
    return {
      onMessage: (raw) => {
        const message = readEngineMessage(raw);
        if (message.type === undefined) return this.#refuseMessage(connection, message);
        if (this.#pairing?.connection === connection) return this.#take(message);
        if (message.type !== 'engine-hello')
          return this.#refuseMessage(connection, { problem: 'before engine-hello', given: message.type });
        impatience.cancel();
        this.#pair(message.body, { connection, peer });
      },
      onClose: (reason) => {
        impatience.cancel();
        if (this.#pairing?.connection === connection) this.#lose(reason.code);
      },
    };
  }

  /** Hands the key over if there is an engine and it has another one or none. */
  installKey(): void {
    const order = this.#parts.keyToInstall();
    if (!order || this.#installedKeyId === order.key.keyId) return;
    this.#send('install-key', order);
  }

  revokeKey(keyId: string): void {
    if (this.#installedKeyId === keyId) this.#installedKeyId = undefined;
    this.#send('key-revoked', { keyId });
    // At once, before a new key may be asked for: no start may go to a channel that is no more (F-53).
    this.#revokedKeyId = keyId;
    const wasChannelUp = this.verdict.isChannelUp;
    this.#isChannelUp = false;
    if (wasChannelUp) this.#parts.onChange(true);
  }

  /** Relays an order unchanged; one that finds no engine waits for it (protocol 4). */
  stopSupply(order: MonitorToEngine['stop-supply']) {
    if (this.#pairing) return this.#send('stop-supply', order);
    this.#orders.delete(order.supplyId);
    this.#orders.set(order.supplyId, order);
    for (const oldest of this.#orders.keys()) {
      if (this.#orders.size <= MAX_PENDING_ORDERS) break;
      this.#orders.delete(oldest);
    }
  }

  stop(): void {
    this.#isStopped = true;
    this.#pulse.cancel();
    this.#settling.cancel();
    this.#dropQuestion();
  }

  #dropQuestion(): void {
    this.#question?.timer.cancel();
    this.#question = undefined;
  }

  #pair(hello: EngineHello, from: { connection: FrameConnection; peer: TlsPeer }) {
    const { connection, peer } = from;
    const { pairingToken, cpId, healthPeriodMs, activity, log } = this.#parts;
    const exportedMaterial = peer.exportPairingMaterial();
    if (!isPairingProven({ token: pairingToken, side: 'engine', exportedMaterial }, hello.proof))
      return this.#refuseEngine(from, 'BAD_PAIRING');
    const former = this.#pairing;
    // A healthy engine is not pushed aside; one that has gone silent, or its own new connection, is.
    if (former && former.bootId !== hello.bootId && this.#health.misses === 0)
      return this.#refuseEngine(from, 'ALREADY_PAIRED');
    this.#pairing = { connection, bootId: hello.bootId };
    this.#dropQuestion();
    former?.connection.destroy('replaced');
    this.#installedKeyId = hello.keyId;
    log.info({ cpId, bootId: hello.bootId, address: peer.address }, 'engine paired');
    activity.add('ENGINE_PAIRED', { address: peer.address });
    const order = this.#parts.keyToInstall();
    this.#send('engine-welcomed', { cpId, ...(order ? { point: order.point } : {}), healthPeriodMs });
    if (order && hello.keyId === order.key.keyId) this.#parts.onKeyInstalled(hello.keyId);
    else this.installKey();
    for (const stop of this.#orders.values()) this.#send('stop-supply', stop);
    this.#orders.clear();
    this.#ask();
    this.#parts.onChange(false);
  }

  #refuseEngine(
    { connection, peer }: { connection: FrameConnection; peer: TlsPeer },
    code: 'BAD_PAIRING' | 'ALREADY_PAIRED',
  ): void {
    const { audit, activity, clock, log, cpId } = this.#parts;
    audit.record(
      security.connectionRefused({ entity: 'engine', address: peer.address }, { where: 'monitor', cause: code }),
    );
    activity.add(code, { address: peer.address });
    connection
      .send(frameMessage('engine-refused', { code }, { nowMs: clock.nowMs() }))
      .then(() => connection.close())
      .catch((fault: unknown) => log.debug({ err: fault, cpId }, 'the refused engine has gone already'));
  }

  #refuseMessage(
    connection: FrameConnection,
    { problem, given, isUnknownType }: { problem: string; given: string; isUnknownType?: true },
  ): void {
    const { audit, cpId } = this.#parts;
    audit.record(error.messageInvalid({ entity: `cp:${cpId}` }, { type: `engine ${given}`, problem, cpId }));
    const isPaired = this.#pairing?.connection === connection;
    if (!isPaired || !isUnknownType) connection.destroy('invalid message');
  }

  #take(message: FromEngine) {
    switch (message.type) {
      case 'health-answer':
        return this.#answered(message.body);
      case 'key-installed':
        this.#installedKeyId = message.body.keyId;
        this.#parts.activity.add('KEY_INSTALLED');
        this.#parts.onKeyInstalled(message.body.keyId);
        return this.#parts.onChange(false);
      case 'engine-hello':
        // Once is enough: a repeat changes nothing.
        return;
      default:
        return message satisfies never;
    }
  }

  #ask(): void {
    const pairing = this.#pairing;
    if (!pairing || this.#question) return;
    const { clock } = this.#parts;
    this.#sequence += 1;
    const question = { sequence: this.#sequence, isCentralReachable: this.#parts.isCentralReachable() };
    pairing.connection.sendBeat(frameMessage('health-question', question, { nowMs: clock.nowMs() }));
    this.#question = {
      sequence: this.#sequence,
      askedAtMs: clock.monotonicMs(),
      timer: clock.setTimer(() => this.#missed(), ANSWER_TIMEOUT_MS),
    };
  }

  #missed(): void {
    this.#question = undefined;
    const isFirst = this.#health.misses === 0;
    this.#judge('MISSED', { code: 'ENGINE_SILENT', isChannelUp: this.#isChannelUp });
    if (isFirst) this.#ask();
  }

  #answered(answer: EngineToMonitor['health-answer']): void {
    const question = this.#question;
    if (!question || question.sequence !== answer.sequence) return;
    question.timer.cancel();
    this.#question = undefined;
    const latencyMs = tenths(this.#parts.clock.monotonicMs() - question.askedAtMs);
    if (this.#pairing) this.#pairing.latencyMs = latencyMs;
    this.#latencies.push(latencyMs);
    if (this.#latencies.length > STRIP_LENGTH) this.#latencies.shift();
    // An answer that was on its way when the key was revoked.
    const isOfRevoked = answer.keyId !== undefined && answer.keyId === this.#revokedKeyId;
    this.#judge(answer.ok ? 'OK' : 'KO', { code: answer.code, isChannelUp: answer.isChannelUp && !isOfRevoked });
  }

  #lose(cause: string): void {
    this.#pairing = undefined;
    this.#dropQuestion();
    this.#installedKeyId = undefined;
    this.#parts.activity.add('ENGINE_GONE', { cause });
    this.#judge('CLOSED', { code: 'ENGINE_GONE', isChannelUp: false });
  }

  #judge(outcome: 'OK' | 'KO' | 'MISSED' | 'CLOSED', told: { code: string | undefined; isChannelUp: boolean }): void {
    const before = this.verdict;
    // A single miss says nothing yet; an answer or a loss does.
    if (outcome !== 'MISSED') this.#isSettled = true;
    this.#health = engineHealth(this.#health, outcome);
    this.#strip.push(outcome === 'CLOSED' ? 'KO' : outcome);
    if (this.#strip.length > STRIP_LENGTH) this.#strip.shift();
    this.#isChannelUp = told.isChannelUp;
    const { isOk } = this.#health;
    if (outcome !== 'MISSED' || !isOk) this.#code = outcome === 'OK' ? undefined : (told.code ?? 'KO');
    if (isOk) this.#koSinceMs = undefined;
    else this.#koSinceMs ??= this.#parts.clock.nowMs();
    const isEdge =
      before.isSettled !== this.#isSettled ||
      before.isOk !== isOk ||
      before.isChannelUp !== this.verdict.isChannelUp ||
      (!isOk && before.code !== this.#code);
    if (before.isOk !== isOk) this.#tellHealth();
    this.#parts.onChange(isEdge);
  }

  #tellHealth(): void {
    const { audit, cpId, activity } = this.#parts;
    const source = { entity: `cp:${cpId}` };
    if (this.#health.isOk) {
      // The first OK after a start is no recovery.
      if (this.#hasToldKo) audit.record(incident.engineRecovered(source, { cpId }));
      activity.add('ENGINE_OK');
    } else {
      this.#hasToldKo = true;
      audit.record(incident.engineFailed(source, { cpId, cause: this.#code ?? 'KO' }));
      activity.add('ENGINE_KO', { cause: this.#code ?? 'KO' });
    }
  }

  #send<T extends keyof MonitorToEngine>(type: T, body: MonitorToEngine[T]): void {
    const pairing = this.#pairing;
    if (!pairing) return;
    const { clock, log, cpId } = this.#parts;
    pairing.connection
      .send(frameMessage(type, body, { nowMs: clock.nowMs() }))
      // The link has gone meanwhile: the next pairing begins with everything anew.
      .catch((fault: unknown) => log.debug({ err: fault, cpId, type }, 'not sent to the engine'));
  }
}

const tenths = (spanMs: number) => Math.round(spanMs * 10) / 10;

function latenciesOf(latencies: readonly number[]): Pick<EngineStatus, 'latencyAverageMs' | 'latencyMaxMs'> {
  if (latencies.length === 0) return {};
  const sum = latencies.reduce((total, latencyMs) => total + latencyMs, 0);
  return { latencyAverageMs: tenths(sum / latencies.length), latencyMaxMs: Math.max(...latencies) };
}

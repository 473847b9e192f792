import type { Audit } from '../../io/audit/audit.ts';
import { authentication, error, incident } from '../../io/audit/audit-events.ts';
import type { Clock, Timer } from '../../io/clock.ts';
import type { ActivityLog } from '../../io/live/activity-log.ts';
import type { Log } from '../../io/log.ts';
import { newRandomId } from '../../io/new-id.ts';
import { dialAddress } from '../../io/sockets/dial-address.ts';
import type { DialAddress, FrameClient, FrameClientOptions } from '../../io/sockets/frame-client.ts';
import type { FrameConnection } from '../../io/sockets/frame-connection.ts';
import { frameMessage, type MessageOf, messageReader } from '../../io/sockets/frame-messages.ts';
import type { FrameHandlers } from '../../io/sockets/frame-server.ts';
import {
  type CentralToMonitor,
  centralToMonitor,
  MONITOR_BEATS,
  type MonitorToCentral,
} from '../../messages/monitor-central.ts';

const readCentralMessage = messageReader(centralToMonitor);
type FromCentral = MessageOf<typeof centralToMonitor>;
export type Intent = MonitorToCentral['authenticate']['intent'];

/** Dials; `startFrameClient`, or a test's own. */
export type DialCentral = (options: FrameClientOptions) => FrameClient;

export type CentralLinkParts = {
  cpId: string;
  /** This process's start: the same after a reconnection, another after a restart (F-65). */
  instanceId: string;
  addresses: readonly DialAddress[];
  caPem: string;
  secret: string;
  lostMs: number;
  auditMs: number;
  clock: Clock;
  log: Log;
  audit: Audit;
  activity: ActivityLog;
  dial: DialCentral;
  /** The key that the engine has installed. */
  installedKeyId(): string | undefined;
  health(): MonitorToCentral['monitor-beat'];
  onAuthenticated(answer: CentralToMonitor['authenticated']): void;
  onInstallKey(order: CentralToMonitor['install-key']): void;
  onKeyRevoked(order: CentralToMonitor['key-revoked']): void;
  onStopSupply(order: CentralToMonitor['stop-supply']): void;
  onPointStatus(status: CentralToMonitor['point-status']): void;
  onRefused(code: CentralToMonitor['refused']['code']): void;
  onChange(): void;
};

/** What the page shows of the link. */
export type CentralStatus = {
  isConnected: boolean;
  address?: string;
  lastSeenAtMs?: number;
  refusal?: string;
  retryAtMs?: number;
};

type Session = { connection: FrameConnection; requestId: string; isAuthenticated: boolean; beating?: Timer };

const AUTHENTICATION_TIMEOUT_MS = 10_000;
/** Central speaks every third heartbeat (protocol 2.4); two of those may be late. */
const BEATS_TO_LOSE = 6;
const WATCH_EVERY_MS = 1_000;
/** Of Centrals, with those that are away; far more than anybody runs. */
const MAX_ADDRESSES = 16;
/**
 * Pauses after a refusal that time alone does not cure, the first and, doubled with each, the longest: a point that was
 * removed must not knock every minute for ever. A person's hand ends them at once.
 */
const RETRY_MS: Record<CentralToMonitor['refused']['code'], { first: number; most: number }> = {
  BAD_CREDENTIALS: { first: 30_000, most: 600_000 },
  RETIRED: { first: 60_000, most: 3_600_000 },
  ALREADY_CONNECTED: { first: 10_000, most: 10_000 },
  TOO_MANY_REQUESTS: { first: 5_000, most: 5_000 },
  SERVICE_UNAVAILABLE: { first: 2_000, most: 2_000 },
  INVALID_MESSAGE: { first: 30_000, most: 600_000 },
};

/** The Monitor's half of the talk with Central: authenticates on every connection, beats from then on, knows when Central is lost. */
export class CentralLink {
  readonly #parts: CentralLinkParts;
  readonly #watch: Timer;
  #secret: string;
  #client: FrameClient | undefined;
  /** Those of the configuration, and those that Central told. */
  #addresses: readonly DialAddress[];
  #session: Session | undefined;
  #intent: Intent = 'CONNECT';
  #heartbeatMs = 1_000;
  #heardAtMs: number | undefined;
  #heardAtWallMs: number | undefined;
  #lostSinceMs: number;
  #isLossAudited = false;
  #wasReachable = false;
  #address: string | undefined;
  #refusal: string | undefined;
  #refusalsInARow = 0;
  #retryAtMs: number | undefined;
  #retry: Timer | undefined;
  #isStopped = false;

  constructor(parts: CentralLinkParts) {
    this.#parts = parts;
    this.#secret = parts.secret;
    this.#addresses = parts.addresses;
    this.#lostSinceMs = parts.clock.monotonicMs();
    this.#watch = parts.clock.setRepeating(() => this.#look(), WATCH_EVERY_MS);
    this.#dial();
  }

  get status(): CentralStatus {
    return {
      isConnected: this.#session?.isAuthenticated ?? false,
      ...(this.#address === undefined ? {} : { address: this.#address }),
      ...(this.#heardAtWallMs === undefined ? {} : { lastSeenAtMs: this.#heardAtWallMs }),
      ...(this.#refusal === undefined ? {} : { refusal: this.#refusal }),
      ...(this.#retryAtMs === undefined ? {} : { retryAtMs: this.#retryAtMs }),
    };
  }

  /** False once Central has been silent for `lostMs`; a switch from one Central to another goes unnoticed. */
  isReachable(): boolean {
    if (this.#heardAtMs === undefined) return false;
    return (
      this.#parts.clock.monotonicMs() - this.#heardAtMs <
      Math.max(this.#parts.lostMs, BEATS_TO_LOSE * this.#heartbeatMs)
    );
  }

  /** Tells the engine's state now instead of with the next heartbeat: an edge must not wait. */
  beatNow(): void {
    if (!this.#session?.isAuthenticated) return;
    const { clock, health } = this.#parts;
    this.#session.connection.sendBeat(frameMessage('monitor-beat', health(), { nowMs: clock.nowMs() }));
  }

  /** The engine holds the key; repeated after every reconnection, which changes nothing (idempotent). */
  keyInstalled(keyId: string): void {
    if (this.#session?.isAuthenticated) this.#send(this.#session, 'key-installed', { keyId });
  }

  /** A person wants it: authenticate again now, take the place over, or have a new key (R2-24). */
  authenticate(intent: Intent) {
    if (intent === 'NEW_KEY' && this.#session?.isAuthenticated) return this.#send(this.#session, 'new-key-wanted', {});
    if (intent === 'CONNECT' && this.#session?.isAuthenticated) return;
    this.#intent = intent;
    this.#refusal = undefined;
    this.#redial();
  }

  /** Another secret, after a new registration or a renewal: Central drops the connection of the old one anyway. */
  renewSecret(secret: string): void {
    this.#secret = secret;
    this.#refusal = undefined;
    this.#redial();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#watch.cancel();
    this.#retry?.cancel();
    this.#endSession();
    await this.#client?.stop();
  }

  #dial(): void {
    const { caPem, clock, dial } = this.#parts;
    this.#retryAtMs = undefined;
    this.#client = dial({
      addresses: this.#addresses,
      tls: { caPem },
      clock,
      unacknowledgedTypes: MONITOR_BEATS,
      onConnection: (connection, peer) => this.#begin(connection, `${peer.address}:${peer.port}`),
      onDown: ({ address, reason, retryInMs }) => {
        this.#address = `${address.host}:${address.port}`;
        this.#retryAtMs = clock.nowMs() + retryInMs;
        this.#parts.log.debug(
          { err: reason.detail, cpId: this.#parts.cpId, code: reason.code, retryInMs },
          'no connection to Central',
        );
        this.#parts.onChange();
      },
    });
  }

  #redial(): void {
    this.#retry?.cancel();
    const former = this.#client;
    this.#client = undefined;
    this.#endSession();
    const again = () => {
      if (!this.#isStopped && !this.#client) this.#dial();
    };
    if (former) void former.stop().then(again);
    else again();
  }

  #begin(connection: FrameConnection, address: string): FrameHandlers {
    const { cpId, instanceId, clock } = this.#parts;
    const keyId = this.#parts.installedKeyId();
    const body: MonitorToCentral['authenticate'] = {
      ...{ cpId, secret: this.#secret, instanceId, intent: this.#intent },
      ...(keyId === undefined ? {} : { keyId }),
    };
    const request = { ...frameMessage('authenticate', body, { nowMs: clock.nowMs() }), id: newRandomId() };
    const session: Session = { connection, requestId: request.id, isAuthenticated: false };
    const impatience = clock.setTimer(() => connection.destroy('no answer to authenticate'), AUTHENTICATION_TIMEOUT_MS);
    this.#session = session;
    this.#address = address;
    this.#retryAtMs = undefined;
    connection
      .send(request)
      .catch((fault: unknown) => this.#parts.log.debug({ err: fault, cpId }, 'authenticate was not sent'));
    return {
      onMessage: (raw) => {
        const message = readCentralMessage(raw);
        if (message.type === undefined) return this.#refuseMessage(session, message);
        // The point was given up: a key that was on its way is not held for the next registration.
        if (this.#isStopped) return;
        const isAnswer = message.type === 'authenticated' || message.type === 'refused';
        // It was on its way when another secret, a person or the end came: the next session gets an answer of its own.
        if (isAnswer && this.#session !== session) return;
        if (session.isAuthenticated) return this.#take(session, message);
        impatience.cancel();
        if (message.type === 'authenticated') return this.#authenticated(session, message.body);
        if (message.type === 'refused') return this.#refused(message.body);
        this.#refuseMessage(session, { given: message.type, problem: 'before the answer to authenticate' });
      },
      onClose: (reason) => {
        impatience.cancel();
        if (this.#session !== session) return;
        if (session.isAuthenticated) this.#parts.activity.add('CENTRAL_CLOSED', { cause: reason.code });
        this.#endSession();
        this.#parts.onChange();
      },
    };
  }

  #authenticated(session: Session, answer: CentralToMonitor['authenticated']): void {
    const { audit, cpId, clock, activity } = this.#parts;
    session.isAuthenticated = true;
    audit.record(
      authentication.pointAuthenticated({ entity: `cp:${cpId}` }, { cpId, intent: this.#intent, epoch: answer.epoch }),
    );
    activity.add('AUTHENTICATED', { epoch: answer.epoch });
    this.#intent = 'CONNECT';
    this.#refusal = undefined;
    this.#heartbeatMs = answer.heartbeatMs;
    this.#learnAddresses(answer.centralSockets);
    this.#heard();
    this.beatNow();
    session.beating = clock.setRepeating(() => this.beatNow(), answer.heartbeatMs);
    this.#parts.onAuthenticated(answer);
    this.#look();
    this.#parts.onChange();
  }

  #refused({ code, retryAfterMs }: CentralToMonitor['refused']): void {
    const { audit, cpId, activity, clock } = this.#parts;
    const isRepeated = this.#refusal === code;
    this.#refusalsInARow = isRepeated ? this.#refusalsInARow + 1 : 0;
    // The same answer to the same question is no news.
    if (!isRepeated) {
      audit.record(authentication.pointAuthenticationRefused({ entity: `cp:${cpId}` }, { cpId, code }));
      activity.add('AUTHENTICATION_REFUSED', { code });
    }
    this.#refusal = code;
    // A take-over or a new key is asked for once; what repeats by itself is only the connection.
    this.#intent = 'CONNECT';
    const { first, most } = RETRY_MS[code];
    const delayMs = Math.max(retryAfterMs ?? 0, Math.min(most, first * 2 ** this.#refusalsInARow));
    const former = this.#client;
    this.#client = undefined;
    this.#endSession();
    this.#retryAtMs = clock.nowMs() + delayMs;
    this.#retry?.cancel();
    this.#retry = clock.setTimer(() => this.#redial(), delayMs);
    void former?.stop();
    this.#parts.onRefused(code);
    this.#parts.onChange();
  }

  #take(session: Session, message: FromCentral) {
    this.#heard();
    switch (message.type) {
      case 'central-beat':
        return this.#learnAddresses(message.body.centralSockets);
      case 'install-key':
        return this.#parts.onInstallKey(message.body);
      case 'key-revoked':
        return this.#parts.onKeyRevoked(message.body);
      case 'stop-supply':
        return this.#parts.onStopSupply(message.body);
      case 'point-status':
        return this.#parts.onPointStatus(message.body);
      case 'refused':
        // Fenced by a newer socket (F-65), or retired.
        return this.#refused(message.body);
      case 'authenticated':
        return this.#parts.onAuthenticated(message.body);
      default:
        message satisfies never;
        return this.#refuseMessage(session, { given: 'unknown', problem: 'unknown type' });
    }
  }

  /**
   * All replicas' addresses, so that another one is dialled at once when this one dies (protocol 6). One that is away now
   * is kept, last: it may be back, and be the only one left, before anybody tells of it again.
   */
  #learnAddresses(told: readonly string[] = []): void {
    const all = [...this.#parts.addresses, ...told.map(dialAddress), ...this.#addresses];
    const known = new Map(all.map((one) => [`${one.host}:${one.port}`, one]));
    if (known.size === this.#addresses.length) return;
    this.#addresses = [...known.values()].slice(0, MAX_ADDRESSES);
    this.#client?.setAddresses(this.#addresses);
  }

  #refuseMessage(session: Session, message: { problem: string; given: string; isUnknownType?: true }): void {
    const { problem, given } = message;
    const { audit, cpId } = this.#parts;
    audit.record(error.messageInvalid({ entity: 'central' }, { type: given, problem, cpId }));
    if (!session.isAuthenticated || !message.isUnknownType) session.connection.destroy('invalid message');
  }

  #heard(): void {
    const { clock } = this.#parts;
    this.#heardAtMs = clock.monotonicMs();
    this.#heardAtWallMs = clock.nowMs();
  }

  /** Notices silence, also on a socket that looks open: a cut link is not told by TCP for minutes. */
  #look(): void {
    const { clock, audit, auditMs, cpId, activity } = this.#parts;
    const nowMs = clock.monotonicMs();
    const isReachable = this.isReachable();
    if (isReachable && this.#isLossAudited) {
      audit.record(
        incident.centralReconnected({ entity: `cp:${cpId}` }, { silentMs: Math.round(nowMs - this.#lostSinceMs) }),
      );
      this.#isLossAudited = false;
    }
    if (isReachable) this.#lostSinceMs = this.#heardAtMs ?? nowMs;
    const silentMs = nowMs - (this.#heardAtMs ?? this.#lostSinceMs);
    if (!isReachable && !this.#isLossAudited && silentMs >= auditMs) {
      this.#isLossAudited = true;
      audit.record(incident.centralDisconnected({ entity: `cp:${cpId}` }, { silentMs: Math.round(silentMs) }));
    }
    if (isReachable === this.#wasReachable) return;
    this.#wasReachable = isReachable;
    activity.add(isReachable ? 'CENTRAL_REACHABLE' : 'CENTRAL_LOST');
    if (!isReachable) this.#session?.connection.destroy('Central is silent');
    this.#parts.onChange();
  }

  #endSession(): void {
    this.#session?.beating?.cancel();
    this.#session = undefined;
  }

  #send<T extends keyof MonitorToCentral>(session: Session, type: T, body: MonitorToCentral[T]): void {
    const { clock, log, cpId } = this.#parts;
    session.connection
      .send(frameMessage(type, body, { nowMs: clock.nowMs() }))
      // The socket has gone: what matters is told again after the next authentication.
      .catch((fault: unknown) => log.debug({ err: fault, cpId, type }, 'not sent to Central'));
  }
}

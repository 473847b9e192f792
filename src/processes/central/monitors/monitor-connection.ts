import { authentication, error as errors, security } from '../../../io/audit/audit-events.ts';
import type { PointLogin } from '../../../io/postgres/credentials.ts';
import type { FrameConnection } from '../../../io/sockets/frame-connection.ts';
import { frameMessage, type MessageOf, messageReader } from '../../../io/sockets/frame-messages.ts';
import type { FrameHandlers } from '../../../io/sockets/frame-server.ts';
import type { PointIdentity } from '../../../messages/engine-central.ts';
import { type CentralToMonitor, type MonitorToCentral, monitorToCentral } from '../../../messages/monitor-central.ts';
import type { Actor } from '../parts.ts';
import type { ConnectionBatch } from './connection-batch.ts';
import type { EdgeQueue } from './edge-queue.ts';
import type { MonitorParts } from './monitor-parts.ts';
import type { MonitorRoster } from './monitor-roster.ts';
import { MonitorSession } from './monitor-session.ts';

/** What all connections of one server share. */
export type Connecting = {
  parts: MonitorParts;
  roster: MonitorRoster;
  batch: ConnectionBatch;
  edges: EdgeQueue;
  /** The Monitor of this session is gone: one edge, if no other took its place. */
  lose(session: MonitorSession, cause: string): void;
};

type Refusal = CentralToMonitor['refused'];
type Authenticate = MonitorToCentral['authenticate'];
type FromMonitor = MessageOf<typeof monitorToCentral>;

const readMonitorMessage = messageReader(monitorToCentral);
const AUTHENTICATION_TIMEOUT_MS = 10_000;
const UNAVAILABLE: Refusal = { code: 'SERVICE_UNAVAILABLE', retryAfterMs: 2_000 };
/** Keys that a person may ask for by one socket; more would only be a stuck button. */
const NEW_KEY_EVERY_MS = 1_000;

/** One connection from its first frame: nothing but `authenticate` counts before it is authenticated (F-46). */
export function serveMonitor(connection: FrameConnection, address: string, shared: Connecting): FrameHandlers {
  const served = new MonitorConnection(connection, address, shared);
  return { onMessage: (raw) => served.take(raw), onClose: (reason) => served.closed(reason.code) };
}

class MonitorConnection {
  readonly #connection: FrameConnection;
  readonly #address: string;
  readonly #shared: Connecting;
  readonly #impatience: { cancel(): void };
  #session: MonitorSession | undefined;
  #isAuthenticating = false;
  #isClosed = false;
  #newKeyAtMs = Number.NEGATIVE_INFINITY;

  constructor(connection: FrameConnection, address: string, shared: Connecting) {
    this.#connection = connection;
    this.#address = address;
    this.#shared = shared;
    this.#impatience = shared.parts.clock.setTimer(
      () => connection.destroy('no authentication in time'),
      AUTHENTICATION_TIMEOUT_MS,
    );
  }

  async take(raw: unknown): Promise<void> {
    const { audit } = this.#shared.parts;
    const message = readMonitorMessage(raw);
    const session = this.#session;
    if (message.type === undefined) {
      const { given, problem } = message;
      audit.record(
        session
          ? errors.messageInvalid(session.actor, { type: given, problem, cpId: session.cpId })
          : security.connectionRefused(this.#stranger, { where: 'Central', cause: `${given}: ${problem}` }),
      );
      if (session?.isJoined && message.isUnknownType) return;
      return this.#refuse({ code: 'INVALID_MESSAGE' });
    }
    if (session?.isJoined) return this.#takeFrom(session, message);
    if (message.type === 'authenticate' && !this.#isAuthenticating) return this.#authenticate(message.body, message.id);
    audit.record(
      security.connectionRefused(this.#stranger, { where: 'Central', cause: `${message.type} before authentication` }),
    );
    return this.#refuse({ code: 'INVALID_MESSAGE' });
  }

  closed(cause: string): void {
    this.#isClosed = true;
    this.#impatience.cancel();
    // One that is still on its way in is lost by `#enter`, after its connection was stored.
    if (this.#session?.isJoined) this.#shared.lose(this.#session, cause);
  }

  get #stranger(): Actor {
    return { entity: 'unknown', address: this.#address };
  }

  async #authenticate(wish: Authenticate, requestId: string): Promise<void> {
    const { parts } = this.#shared;
    this.#isAuthenticating = true;
    const actor: Actor = { entity: `cp:${wish.cpId}`, address: this.#address };
    try {
      const outcome = await parts.keys.authenticatePoint(wish, actor);
      if ('refusal' in outcome) return this.#refuse(outcome.refusal);
      if (this.#isClosed) return;
      if (this.#isTaken(outcome.login, wish)) return this.#refuseSecond(outcome.login, actor);
      await this.#enter({ login: outcome.login, wish, actor, requestId });
    } catch (fault) {
      parts.log.warn({ err: fault, cpId: wish.cpId }, 'a Monitor could not be let in now');
      return this.#refuse(UNAVAILABLE);
    }
  }

  #isTaken(login: PointLogin, wish: Authenticate): boolean {
    if (wish.intent === 'TAKE_OVER') return false;
    const rival = this.#shared.roster.of(login.cpId);
    if (rival) return rival.instanceId !== wish.instanceId;
    return login.isHeldElsewhere && login.monitorInstanceId !== wish.instanceId;
  }

  /** A second Monitor with the same id never runs unnoticed (F-65). */
  #refuseSecond({ cpId }: PointLogin, actor: Actor): Promise<void> {
    const { audit, say, config } = this.#shared.parts;
    audit.record(security.connectionRefused(actor, { where: 'Central', cause: `${cpId} is connected already` }));
    say({ level: 'warn', source: 'central', code: 'MONITOR_TWICE', params: { cpId }, cpId });
    return this.#refuse({ code: 'ALREADY_CONNECTED', retryAfterMs: config.heartbeatMs * 3 });
  }

  async #enter(coming: { login: PointLogin; wish: Authenticate; actor: Actor; requestId: string }): Promise<void> {
    const { login, wish, actor, requestId } = coming;
    const { parts, roster } = this.#shared;
    const { cpId } = login;
    const rival = roster.of(cpId);
    const epoch = Math.max(login.monitorEpoch, rival?.epoch ?? 0) + 1;
    const { instanceId } = wish;
    const heardWatchedMs = roster.watchedNowMs();
    const { clock, centralSockets } = parts;
    const of = { login, instanceId, epoch, actor, heardWatchedMs, clock, centralSockets };
    const session = new MonitorSession(this.#connection, of);
    this.#session = session;
    roster.enter(session);
    if (rival) this.#fence(rival, session);
    const given = await this.#store(session, { login, wish }).catch((fault: unknown) => {
      // It may have been stored all the same: the loss is fenced by the epoch.
      this.#shared.lose(session, 'not stored');
      throw fault;
    });
    if (this.#isClosed) return this.#shared.lose(session, 'closed while it came in');
    if (!roster.isCurrent(session)) return;
    this.#impatience.cancel();
    session.heard(roster.watchedNowMs());
    parts.audit.record(authentication.pointAuthenticated(actor, { cpId, intent: wish.intent, epoch }));
    await session.join(
      {
        epoch,
        serverTimeMs: parts.clock.nowMs(),
        point: identityOf(login),
        brokers: parts.config.brokers,
        heartbeatMs: parts.config.heartbeatMs,
        centralSockets: parts.centralSockets(),
        ...given,
      },
      requestId,
    );
  }

  async #store(session: MonitorSession, coming: { login: PointLogin; wish: Authenticate }) {
    const { parts, batch } = this.#shared;
    const { instanceId, epoch, actor, cpId } = session;
    await batch.add(cpId, { kind: 'monitor-connected', epoch, instanceId, address: this.#address || undefined });
    const { key, isKeyRevoked } = await parts.keys.keyForMonitor(coming.login, coming.wish, actor);
    return { isKeyRevoked, ...(key && { key }) };
  }

  #fence(rival: MonitorSession, by: MonitorSession) {
    const { audit } = this.#shared.parts;
    if (rival.instanceId === by.instanceId) return rival.destroy('its Monitor came again');
    audit.record(security.connectionRefused(rival.actor, { where: 'Central', cause: `${by.cpId} was taken over` }));
    void rival.refuse('ALREADY_CONNECTED');
  }

  async #takeFrom(session: MonitorSession, message: FromMonitor): Promise<void> {
    const { parts, roster, edges } = this.#shared;
    if (!roster.isCurrent(session)) return;
    session.heard(roster.watchedNowMs());
    const { cpId, epoch, actor } = session;
    try {
      switch (message.type) {
        case 'monitor-beat': {
          const news = session.takeBeat(message.body);
          if (news) edges.put(cpId, { kind: 'engine-health', epoch, ...news }, actor);
          return;
        }
        case 'key-installed':
          return await parts.keys.installed(cpId, message.body.keyId, actor);
        case 'new-key-wanted':
          return await this.#giveNewKey(session);
        case 'authenticate':
          parts.audit.record(errors.messageInvalid(actor, { type: message.type, problem: 'a second one', cpId }));
          return await this.#refuse({ code: 'INVALID_MESSAGE' });
        default:
          return message satisfies never;
      }
    } catch (fault) {
      // The Monitor comes again and says it again: what it reports are levels.
      parts.log.warn({ err: fault, cpId, type: message.type }, 'a message of a Monitor could not be handled');
      this.#connection.destroy('not handled');
    }
  }

  async #giveNewKey(session: MonitorSession): Promise<void> {
    const { roster } = this.#shared;
    const { clock, keys } = this.#shared.parts;
    const nowMs = clock.monotonicMs();
    if (nowMs - this.#newKeyAtMs < NEW_KEY_EVERY_MS) return;
    this.#newKeyAtMs = nowMs;
    const key = await keys.newKey(session.cpId, session.actor);
    // Its Monitor may have come again on another line, where nothing else would bring the key.
    if (key) void (roster.joined(session.cpId) ?? session).send('install-key', { key });
  }

  async #refuse(refusal: Refusal): Promise<void> {
    if (this.#isClosed) return;
    const message = frameMessage('refused', refusal, { nowMs: this.#shared.parts.clock.nowMs() });
    // Whether it arrives or not, the connection is over.
    this.#connection.send(message).catch(() => undefined);
    await this.#connection.close();
  }
}

function identityOf(login: PointLogin): PointIdentity {
  const { cpId, zone, address, city, country, priceE4PerKwh, maxPowerW } = login;
  return { cpId, zone, address, city, country, priceE4PerKwh, maxPowerW };
}

import type { PointState } from '../../domain/vocabulary.ts';
import type { Audit } from '../../io/audit/audit.ts';
import { security } from '../../io/audit/audit-events.ts';
import { type Clock, pause, type Timer } from '../../io/clock.ts';
import { isDueForRenewal } from '../../io/crypto/certificate-check.ts';
import { type ActivityLog, createActivityLog } from '../../io/live/activity-log.ts';
import type { Log } from '../../io/log.ts';
import { newRandomId } from '../../io/new-id.ts';
import { backOffDelayMs } from '../../io/sockets/back-off.ts';
import type { DialAddress } from '../../io/sockets/frame-client.ts';
import type { FrameConnection } from '../../io/sockets/frame-connection.ts';
import type { FrameHandlers, ServerTls } from '../../io/sockets/frame-server.ts';
import type { TlsPeer } from '../../io/sockets/tls-peer.ts';
import type { MonitorView } from '../../messages/live-stream.ts';
import type { CentralToMonitor, MonitorToCentral } from '../../messages/monitor-central.ts';
import type { MonitorToEngine } from '../../messages/monitor-engine.ts';
import type { Credential, CredentialStore } from './credential.ts';
import { type HeldKey, monitorView } from './monitor-view.ts';
import { RegistrationRefused, type RegistryDoor } from './registration.ts';
import { CentralLink, type DialCentral, type Intent } from './report-to-central.ts';
import { EngineWatch } from './watch-engine.ts';

export type MonitorSettings = {
  cpId: string;
  centralAddresses: readonly DialAddress[];
  pairingToken: string;
  healthPeriodMs: number;
  centralLostMs: number;
  centralAuditMs: number;
  /** Lines kept of the activity log; default 100. */
  logLines?: number;
};

/** Waits for the engine's connections on 8010, or, in a fleet, in memory. */
export type ListenForEngine = (
  tls: ServerTls,
  onConnection: (connection: FrameConnection, peer: TlsPeer) => FrameHandlers,
) => Promise<{ setTls?(tls: ServerTls): void; stop(): Promise<void> }>;

export type MonitorParts = {
  clock: Clock;
  log: Log;
  audit: Audit;
  credentials: CredentialStore;
  registry: RegistryDoor;
  caPem: string;
  /** Asked before each try to register: the file may appear later. */
  enrolmentToken(): string | undefined;
  listenForEngine: ListenForEngine;
  dialCentral: DialCentral;
};

export type Monitor = {
  view(): MonitorView;
  /** Called after anything shown has changed. */
  onChange(listener: () => void): void;
  readonly isRegistered: boolean;
  readonly isConnected: boolean;
  readonly isCentralReachable: boolean;
  readonly isEngineOk: boolean;
  /** What Central last said of the point; undefined until it has. */
  readonly pointState: PointState | undefined;
  readonly centralSeenAtMs: number | undefined;
  /** Registers with another token. Throws RegistrationRefused or HttpUnreachable. */
  register(token: string): Promise<void>;
  authenticate(intent: Intent): void;
  /** Gives the point up. Throws RegistrationRefused (409: a supply is open) or HttpUnreachable. */
  unregister(): Promise<void>;
  stop(): Promise<void>;
};

const ENROLMENT_BACK_OFF = { minMs: 500, maxMs: 10_000 };
const REFUSED_COUNTS_AS = 5;
const RENEWAL_CHECK_MS = 6 * 60 * 60 * 1_000;
const LISTEN_AGAIN_MS = 2_000;

/** A charging point's Monitor (S-MON): enrols, then stands between its engine and Central until it is stopped. */
export function startMonitor(settings: MonitorSettings, parts: MonitorParts): Monitor {
  return new RunningMonitor(settings, parts);
}

class RunningMonitor implements Monitor {
  readonly #settings: MonitorSettings;
  readonly #parts: MonitorParts;
  readonly #instanceId = newRandomId();
  readonly #activity: ActivityLog;
  readonly #watch: EngineWatch;
  readonly #stopping = new AbortController();
  readonly #renewal: Timer;
  #listener: () => void = () => undefined;
  #credential: Credential | undefined;
  #triedToken: string | undefined;
  #central: CentralLink | undefined;
  #door: Awaited<ReturnType<ListenForEngine>> | undefined;
  #held: HeldKey = { isRevoked: false };
  #told: CentralToMonitor['authenticated'] | undefined;
  #pointStatus: CentralToMonitor['point-status'] | undefined;
  #registryCall: MonitorView['registryCall'];

  constructor(settings: MonitorSettings, parts: MonitorParts) {
    this.#settings = settings;
    this.#parts = parts;
    const { clock, log, audit } = parts;
    const { cpId, pairingToken, healthPeriodMs } = settings;
    this.#activity = createActivityLog(clock, settings.logLines);
    this.#watch = new EngineWatch({
      ...{ cpId, pairingToken, healthPeriodMs, clock, log, audit, activity: this.#activity },
      isCentralReachable: () => this.isCentralReachable,
      keyToInstall: () => this.#keyToInstall(),
      onKeyInstalled: (keyId) => this.#central?.keyInstalled(keyId),
      onChange: (isEdge) => {
        if (isEdge) this.#central?.beatNow();
        this.#listener();
      },
    });
    this.#renewal = clock.setRepeating(() => void this.#renewIfDue(), RENEWAL_CHECK_MS);
    this.#credential = parts.credentials.load();
    if (this.#credential) void this.#open(this.#credential);
    else void this.#enrol();
  }

  view(): MonitorView {
    return monitorView({
      cpId: this.#settings.cpId,
      credential: this.#credential,
      central: this.#central?.status ?? { isConnected: false },
      engine: this.#watch.status,
      held: this.#held,
      pointStatus: this.#pointStatus,
      registryCall: this.#registryCall,
      log: this.#activity.lines(),
    });
  }

  onChange(listener: () => void): void {
    this.#listener = listener;
  }

  get isRegistered(): boolean {
    return this.#credential !== undefined;
  }

  get isConnected(): boolean {
    return this.#central?.status.isConnected ?? false;
  }

  get isCentralReachable(): boolean {
    return this.#central?.isReachable() ?? false;
  }

  get pointState(): PointState | undefined {
    return this.#pointStatus?.state;
  }

  get isEngineOk(): boolean {
    return this.#watch.verdict.isOk;
  }

  get centralSeenAtMs(): number | undefined {
    return this.#central?.status.lastSeenAtMs;
  }

  async register(token: string): Promise<void> {
    const currentSecret = this.#credential?.secret;
    await this.#take(await this.#register({ token, ...(currentSecret ? { currentSecret } : {}) }));
  }

  authenticate(intent: Intent): void {
    this.#activity.add('AUTHENTICATION_WANTED', { intent });
    this.#central?.authenticate(intent);
  }

  async unregister(): Promise<void> {
    if (!this.#credential) return;
    const { secret } = this.#credential;
    await this.#calling(() => this.#parts.registry.unregister(secret));
    this.#parts.credentials.remove();
    this.#activity.add('UNREGISTERED');
    this.#watch.startAnew();
    await this.#close();
    this.#listener();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#renewal.cancel();
    await this.#close();
    this.#watch.stop();
  }

  /** Registers as soon as there is a token and a Registry, however long that takes (D-19). */
  async #enrol(): Promise<void> {
    const { clock, log } = this.#parts;
    const { signal } = this.#stopping;
    for (let failures = 0; !signal.aborted && !this.#credential; ) {
      const token = this.#parts.enrolmentToken();
      if (token) {
        try {
          await this.#take(await this.#register({ token }));
          return;
        } catch (error) {
          failures += 1;
          // A token that was refused stays refused: no need to fill Registry's audit.
          if (error instanceof RegistrationRefused && error.status < 500) failures += REFUSED_COUNTS_AS;
          const code = codeOf(error);
          if (failures === 1 || failures % 20 === 0)
            log.warn({ err: error, failures }, 'not registered yet, trying on');
          this.#activity.add('REGISTRATION_FAILED', { code });
          this.#listener();
        }
      }
      await pause(clock, backOffDelayMs(Math.max(1, failures), ENROLMENT_BACK_OFF), signal);
    }
  }

  #register(proof: { token?: string; currentSecret?: string }): Promise<Credential> {
    return this.#calling(() => this.#parts.registry.register(proof));
  }

  /** A call of Registry, noted for the page with what came of it. */
  async #calling<T>(call: () => Promise<T>): Promise<T> {
    const { clock } = this.#parts;
    try {
      const answer = await call();
      this.#registryCall = { atMs: clock.nowMs() };
      return answer;
    } catch (error) {
      this.#registryCall = { atMs: clock.nowMs(), code: codeOf(error) };
      throw error;
    } finally {
      this.#listener();
    }
  }

  /** Central does not know the secret (a database that began anew): a token that is at hand is tried, each one once. */
  async #registerAgain(): Promise<void> {
    const token = this.#parts.enrolmentToken();
    if (token === undefined || token === this.#triedToken) return;
    this.#triedToken = token;
    try {
      await this.register(token);
    } catch (error) {
      this.#parts.log.warn({ err: error }, 'the enrolment token does not help: a person must register the point again');
    }
  }

  async #take(credential: Credential): Promise<void> {
    if (this.#stopping.signal.aborted) return;
    const isFirst = this.#credential === undefined;
    this.#parts.credentials.save(credential);
    this.#credential = credential;
    this.#activity.add('REGISTERED');
    this.#central?.renewSecret(credential.secret);
    this.#door?.setTls?.(tlsOf(credential));
    this.#listener();
    if (isFirst) await this.#open(credential);
  }

  async #open(credential: Credential): Promise<void> {
    const { clock, log, audit, caPem, dialCentral } = this.#parts;
    const { cpId, centralAddresses, centralLostMs, centralAuditMs } = this.#settings;
    const central = new CentralLink({
      ...{ cpId, clock, log, audit, caPem, instanceId: this.#instanceId, activity: this.#activity },
      ...{ addresses: centralAddresses, secret: credential.secret, lostMs: centralLostMs, auditMs: centralAuditMs },
      dial: dialCentral,
      installedKeyId: () => this.#installedKeyId(),
      health: () => this.#health(),
      onAuthenticated: (answer) => this.#authenticated(answer),
      onInstallKey: ({ key }) => this.#holdKey(key),
      onKeyRevoked: ({ keyId }) => this.#revokeKey(keyId),
      onStopSupply: (order) => this.#watch.stopSupply(order),
      onPointStatus: (status) => {
        this.#pointStatus = status;
        this.#listener();
      },
      onRefused: (code) => {
        if (code === 'BAD_CREDENTIALS') void this.#registerAgain();
      },
      onChange: () => this.#listener(),
    });
    this.#central = central;
    this.#watch.startAnew();
    await this.#listen(central);
  }

  /** For as long as this registration lasts: the next one listens by itself. */
  async #listen(central: CentralLink): Promise<void> {
    const { clock, log, listenForEngine } = this.#parts;
    const isWanted = () => this.#central === central;
    for (let credential = this.#credential; credential && isWanted(); credential = this.#credential) {
      try {
        const door = await listenForEngine(tlsOf(credential), (connection, peer) =>
          this.#watch.accept(connection, peer),
        );
        if (!isWanted()) return await door.stop();
        this.#door = door;
        // Registered anew while the door opened.
        if (this.#credential && this.#credential !== credential) door.setTls?.(tlsOf(this.#credential));
        this.#activity.add('WAITING_FOR_ENGINE');
        return;
      } catch (error) {
        log.error({ err: error }, 'cannot listen for the engine (MONITOR_PORT), trying again');
        await pause(clock, LISTEN_AGAIN_MS, this.#stopping.signal);
      }
    }
  }

  async #close(): Promise<void> {
    const [central, door] = [this.#central, this.#door];
    this.#central = undefined;
    this.#door = undefined;
    this.#credential = undefined;
    this.#held = { isRevoked: false };
    await Promise.all([central?.stop(), door?.stop()]);
  }

  #authenticated(answer: CentralToMonitor['authenticated']): void {
    this.#told = answer;
    if (answer.isKeyRevoked) this.#revokeKey(this.#held.key?.keyId);
    else if (answer.key) this.#holdKey(answer.key);
    else this.#held = { ...this.#held, isRevoked: false };
    const installed = this.#installedKeyId();
    if (installed !== undefined) this.#central?.keyInstalled(installed);
  }

  #holdKey(key: NonNullable<HeldKey['key']>): void {
    this.#held = { key, isRevoked: false, issuedAtMs: this.#parts.clock.nowMs() };
    this.#activity.add('KEY_RECEIVED');
    this.#watch.installKey();
    this.#listener();
  }

  #revokeKey(keyId: string | undefined): void {
    const { audit } = this.#parts;
    const { cpId } = this.#settings;
    if (keyId !== undefined) {
      this.#watch.revokeKey(keyId);
      audit.record(security.keyRevoked({ entity: 'central' }, { cpId, keyId }));
    }
    if (keyId !== undefined && this.#held.key && keyId !== this.#held.key.keyId) return;
    if (!this.#held.isRevoked) this.#activity.add('KEY_REVOKED');
    this.#held = { isRevoked: true };
    this.#listener();
  }

  #keyToInstall(): MonitorToEngine['install-key'] | undefined {
    const { key } = this.#held;
    return key && this.#told ? { key, point: this.#told.point, brokers: this.#told.brokers } : undefined;
  }

  /** Only a key that this Monitor could also give to a restarted engine counts as installed. */
  #installedKeyId(): string | undefined {
    const { installedKeyId } = this.#watch;
    return installedKeyId === this.#held.key?.keyId ? installedKeyId : undefined;
  }

  #health(): MonitorToCentral['monitor-beat'] {
    const { isOk, isChannelUp, code, isSettled } = this.#watch.verdict;
    return {
      isEngineOk: isOk,
      isChannelUp,
      ...(isSettled ? {} : { isStarting: true }),
      ...(code === undefined ? {} : { code: code.slice(0, 40) }),
    };
  }

  async #renewIfDue(): Promise<void> {
    const { clock, log } = this.#parts;
    const credential = this.#credential;
    if (!credential || credential.certificatePem === '') return;
    try {
      if (!isDueForRenewal(credential.certificatePem, clock.nowMs())) return;
      await this.#take(await this.#register({ currentSecret: credential.secret }));
    } catch (error) {
      log.warn({ err: error }, 'the certificate could not be renewed, trying again in some hours');
    }
  }
}

function tlsOf(credential: Credential): ServerTls {
  return { certificatePem: credential.certificatePem, privateKeyPem: credential.privateKeyPem };
}

function codeOf(error: unknown): string {
  return error instanceof RegistrationRefused ? error.code : 'REGISTRY_UNREACHABLE';
}

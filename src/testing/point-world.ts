import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Audit, AuditEntry } from '../io/audit/audit.ts';
import { systemClock } from '../io/clock.ts';
import {
  type CertificateAuthority,
  createAuthorityMaterial,
  openAuthority,
} from '../io/crypto/certificate-authority.ts';
import { createCertificateRequest } from '../io/crypto/csr.ts';
import { newToken } from '../io/crypto/tokens.ts';
import { createLog } from '../io/log.ts';
import { newRandomId } from '../io/new-id.ts';
import { type DialAddress, startFrameClient } from '../io/sockets/frame-client.ts';
import type { FrameConnection } from '../io/sockets/frame-connection.ts';
import { frameMessage, messageReader } from '../io/sockets/frame-messages.ts';
import { startFrameServer } from '../io/sockets/frame-server.ts';
import { freePorts } from '../io/sockets/tcp-probe.ts';
import type { PointIdentity } from '../messages/engine-central.ts';
import {
  type CentralToMonitor,
  MONITOR_BEATS,
  type MonitorToCentral,
  monitorToCentral,
} from '../messages/monitor-central.ts';
import { ENGINE_BEATS } from '../messages/monitor-engine.ts';
import { startEngine } from '../processes/engine/engine.ts';
import type { Engine, EngineParts, EngineSettings } from '../processes/engine/engine-parts.ts';
import { type EngineJournal, openEngineJournal } from '../processes/engine/engine-records.ts';
import type { Credential, CredentialStore } from '../processes/monitor/credential.ts';
import { type Monitor, type MonitorSettings, startMonitor } from '../processes/monitor/monitor.ts';
import { RegistrationRefused } from '../processes/monitor/registration.ts';
import { fastClock } from './fast-clock.ts';
import { ScriptedChannel } from './scripted-channel.ts';

export const testPoint: PointIdentity = {
  cpId: 'CP001',
  zone: 'ALC',
  address: 'Avenida de la Estación 8',
  city: 'Alicante',
  country: 'ES',
  priceE4PerKwh: 4_500,
  maxPowerW: 50_000,
};

/** The engine's seconds are shorter, so that stories with readings do not take theirs. */
const ENGINE_HASTE = 4;
const log = createLog('point-test', { level: process.env.EV_TEST_LOG ?? 'silent' });
const readMonitor = messageReader(monitorToCentral);

type Received = { [K in keyof MonitorToCentral]: { type: K; body: MonitorToCentral[K] } }[keyof MonitorToCentral];

/** Central's side of 8020, as far as a test tells it what to say. */
export class ScriptedCentral {
  readonly received: Received[] = [];
  readonly beats: { atMs: number; body: MonitorToCentral['monitor-beat'] }[] = [];
  connection: FrameConnection | undefined;
  refusal: CentralToMonitor['refused'] | undefined;
  isKeyRevoked = false;
  heartbeatMs = 100;
  keyId = newRandomId();
  point = testPoint;
  brokers = '127.0.0.1:1';
  /** The one key of the point, if a test shares it with a real Central. */
  sharedKey: { keyId: string; keyBase64: string } | undefined;
  #epoch = 0;
  /** Of all Monitors that are in: a fleet has many. */
  readonly #joined = new Set<FrameConnection>();
  #beating: NodeJS.Timeout | undefined;
  #server: Awaited<ReturnType<typeof startFrameServer>> | undefined;

  async listen(authority: CertificateAuthority, port: number): Promise<void> {
    const names = { subject: 'central', ipAddresses: ['127.0.0.1'] };
    this.#server = await startFrameServer({
      ...{ host: '127.0.0.1', port, tls: await authority.issueLeaf(names, Date.now()) },
      unacknowledgedTypes: MONITOR_BEATS,
      onConnection: (connection) => ({
        onMessage: (raw) => this.#take(raw, connection),
        onClose: () => {
          this.#joined.delete(connection);
          if (this.connection === connection) this.connection = undefined;
        },
      }),
    });
    this.speak();
  }

  /** Central's own beats, every third heartbeat. */
  speak(): void {
    this.silence();
    const beat = () => {
      for (const connection of this.#joined)
        connection.sendBeat(frameMessage('central-beat', { serverTimeMs: Date.now() }, { nowMs: Date.now() }));
    };
    this.#beating = setInterval(beat, this.heartbeatMs * 3);
  }

  silence(): void {
    clearInterval(this.#beating);
  }

  send<T extends keyof CentralToMonitor>(type: T, body: CentralToMonitor[T], correlationId?: string): void {
    // A Monitor may close before it acknowledges (it does when it is refused), as the real Central knows too.
    this.connection?.send(frameMessage(type, body, { nowMs: Date.now(), correlationId })).catch(() => undefined);
  }

  newKey(): { keyId: string; keyBase64: string } {
    this.keyId = this.sharedKey?.keyId ?? newRandomId();
    if (this.sharedKey) return this.sharedKey;
    return { keyId: this.keyId, keyBase64: randomBytes(32).toString('base64') };
  }

  typesReceived(): string[] {
    return this.received.map(({ type }) => type);
  }

  async stop(): Promise<void> {
    this.silence();
    await this.#server?.stop();
    this.#server = undefined;
  }

  #take(raw: unknown, connection: FrameConnection) {
    const message = readMonitor(raw);
    if (message.type === undefined) throw new Error(`the Monitor said: ${message.problem} (${message.given})`);
    if (message.type === 'monitor-beat') {
      this.beats.push({ atMs: performance.now(), body: message.body });
      return;
    }
    this.received.push({ type: message.type, body: message.body } as Received);
    if (message.type === 'new-key-wanted') this.send('install-key', { key: this.newKey() });
    if (message.type !== 'authenticate') return;
    this.connection = connection;
    if (this.refusal) return this.send('refused', this.refusal, message.id);
    this.#joined.add(connection);
    this.#epoch += 1;
    if (message.body.intent === 'NEW_KEY') this.isKeyRevoked = false;
    const needsKey = !this.isKeyRevoked && message.body.keyId !== this.keyId;
    const answer: CentralToMonitor['authenticated'] = {
      ...{ epoch: this.#epoch, serverTimeMs: Date.now(), point: this.point, brokers: this.brokers },
      ...{ heartbeatMs: this.heartbeatMs, isKeyRevoked: this.isKeyRevoked },
      ...(needsKey ? { key: this.newKey() } : {}),
    };
    this.send('authenticated', answer, message.id);
  }
}

/** An audit that a test can read. */
export class RecordingAudit implements Audit {
  readonly entries: AuditEntry[] = [];
  record(entry: AuditEntry): void {
    this.entries.push(entry);
  }
  addSink(): void {}
  isWritable(): boolean {
    return true;
  }
  async stop(): Promise<void> {}
  actions(): string[] {
    return this.entries.map(({ action }) => action);
  }
}

/** One charging point over real TLS sockets and a real journal, with a scripted Central; Kafka is a scripted channel. */
export class PointWorld {
  readonly authority: CertificateAuthority;
  readonly central = new ScriptedCentral();
  readonly audit = new RecordingAudit();
  readonly channels: ScriptedChannel[] = [];
  readonly folder = mkdtempSync(join(tmpdir(), 'ev-point-'));
  readonly pairingToken = newToken();
  readonly centralPort: number;
  readonly monitorPort: number;
  enrolmentToken: string | undefined = newToken();
  isRegistryUp = true;
  registrations = 0;
  /** Set by tests that have a broker and a Central. */
  realChannel: Pick<EngineParts, 'kafka' | 'startChannel'> | undefined;
  /** Scripted channels come up by themselves. */
  isGreeting = false;
  credential: Credential | undefined;
  #running: { stop(): Promise<void> }[] = [];

  constructor(authority: CertificateAuthority, ports: number[]) {
    this.authority = authority;
    const [centralPort = 0, monitorPort = 0] = ports;
    this.centralPort = centralPort;
    this.monitorPort = monitorPort;
  }

  static async create(): Promise<PointWorld> {
    const authority = await openAuthority(await createAuthorityMaterial('test', Date.now()));
    return new PointWorld(authority, await freePorts('127.0.0.1', 2));
  }

  get channel(): ScriptedChannel {
    const newest = this.channels.at(-1);
    if (!newest) throw new Error('no channel yet');
    return newest;
  }

  startCentral(): Promise<void> {
    return this.central.listen(this.authority, this.centralPort);
  }

  startMonitor(changed: Partial<MonitorSettings> = {}): Monitor {
    const address: DialAddress = { host: '127.0.0.1', port: this.centralPort };
    const store: CredentialStore = {
      load: () => this.credential,
      save: (credential) => {
        this.credential = credential;
      },
      remove: () => {
        this.credential = undefined;
      },
    };
    const monitor = startMonitor(
      {
        ...{ cpId: 'CP001', centralAddresses: [address], pairingToken: this.pairingToken, healthPeriodMs: 200 },
        ...{ centralLostMs: 1_000, centralAuditMs: 2_000 },
        ...changed,
      },
      {
        ...{ clock: systemClock, log, audit: this.audit, credentials: store, caPem: this.authority.certificatePem },
        registry: { register: () => this.#register(), unregister: async () => undefined },
        enrolmentToken: () => this.enrolmentToken,
        dialCentral: (options) => startFrameClient({ ...options, backOff: { minMs: 50, maxMs: 200 } }),
        listenForEngine: (tls, onConnection) =>
          startFrameServer({
            ...{ host: '127.0.0.1', port: this.monitorPort, tls, onConnection, unacknowledgedTypes: ENGINE_BEATS },
          }),
      },
    );
    return this.#keep(monitor);
  }

  async startEngine(changed: Partial<EngineSettings> = {}): Promise<Engine> {
    const journal = await openEngineJournal({ folder: join(this.folder, 'journal') });
    return this.startEngineWith(journal, changed);
  }

  startEngineWith(journal: EngineJournal, changed: Partial<EngineSettings> = {}): Engine {
    const vehicle = { batteryWh: 60_000, levelPercentAtPlug: 20, maxPowerW: 150_000 };
    const engine = startEngine(
      {
        ...{ pairingToken: this.pairingToken, ownBrokers: '', vehicle, speed: 60, autoPlugMs: 0, autoUnplugMs: 0 },
        ...changed,
      },
      {
        ...{ clock: this.realChannel ? systemClock : fastClock(ENGINE_HASTE), log, audit: this.audit, journal },
        ...(this.realChannel ?? this.#scriptedChannel()),
        dialMonitor: (onConnection) =>
          startFrameClient({
            addresses: [{ host: '127.0.0.1', port: this.monitorPort }],
            tls: { caPem: this.authority.certificatePem, isSubjectAccepted: (subject) => subject.startsWith('cp:') },
            ...{ onConnection, unacknowledgedTypes: ENGINE_BEATS, backOff: { minMs: 50, maxMs: 200 } },
          }),
      },
    );
    this.#keep({
      async stop() {
        await engine.stop();
        await journal.stop();
      },
    });
    return engine;
  }

  /** Stops what was started last of this kind now instead of at the end. */
  async stopNewest(): Promise<void> {
    await this.#running.pop()?.stop();
  }

  async close(): Promise<void> {
    for (const part of this.#running.reverse()) await part.stop();
    await this.central.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #scriptedChannel(): Pick<EngineParts, 'kafka' | 'startChannel'> {
    return {
      // The scripted channel uses no broker.
      kafka: { open: () => ({ isUp: true }) as never, close: async () => undefined },
      startChannel: (options) => {
        const channel = new ScriptedChannel(options);
        this.channels.push(channel);
        if (this.isGreeting) setImmediate(() => channel.greet());
        return channel;
      },
    };
  }

  async #register(): Promise<Credential> {
    this.registrations += 1;
    if (!this.isRegistryUp) throw new RegistrationRefused(503, 'SERVICE_UNAVAILABLE');
    const request = await createCertificateRequest('cp:CP001');
    const certificatePem = await this.authority.signRequest(request.csrPem, { subject: 'cp:CP001' }, Date.now());
    return {
      ...{ cpId: 'CP001', secret: newToken(), certificatePem, privateKeyPem: request.privateKeyPem },
      ...{ caPem: this.authority.certificatePem, registeredAtMs: Date.now() },
    };
  }

  #keep<T extends { stop(): Promise<void> }>(part: T): T {
    this.#running.push(part);
    return part;
  }
}

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_SUPPLY_POLICY } from '../domain/supply.ts';
import { type Audit, type AuditRecord, openAudit } from '../io/audit/audit.ts';
import { systemClock } from '../io/clock.ts';
import { createCertificateRequest } from '../io/crypto/csr.ts';
import { loadMasterKey } from '../io/crypto/master-key.ts';
import { keepServiceLeaf, serviceNames } from '../io/crypto/service-leaf.ts';
import { createLog, type Log } from '../io/log.ts';
import { newRandomId } from '../io/new-id.ts';
import { beatReplica, signInReplica } from '../io/postgres/central-replicas.ts';
import { type Database, openDatabase } from '../io/postgres/database.ts';
import { createPointWithToken } from '../io/postgres/enrolment.ts';
import { migrate } from '../io/postgres/migrate.ts';
import { ensureTrust, type NetworkTrust } from '../io/postgres/network-trust.ts';
import { registerPoint } from '../io/postgres/registration.ts';
import type { NewPoint } from '../messages/central-api.ts';
import type { MonitorToCentral } from '../messages/monitor-central.ts';
import { createPointKeys, type PointKeys } from '../processes/central/keys/point-keys.ts';
import { type MonitorServer, startMonitorServer } from '../processes/central/monitors/monitor-server.ts';
import type { PointChanges } from '../processes/central/parts.ts';
import { startOutboxSender } from '../processes/central/points/outbox-sender.ts';
import { createPointChanges } from '../processes/central/points/point-changes.ts';
import { acquireServices, createTestDatabase } from './services.ts';
import { TestMonitor } from './test-monitor.ts';

/** Monitors' half of one Central: real sockets, real PostgreSQL, no Kafka. */
export type MonitorCentral = {
  server: MonitorServer;
  keys: PointKeys;
  points: PointChanges;
  replicaId: string;
  said: string[];
  stop(): Promise<void>;
};

/** What the facts row says. */
export type Facts = {
  isConnected: boolean;
  epoch: number;
  isEngineOk: boolean;
  isChannelUp: boolean;
  code: string | null;
  holds: string[];
};

/** As in a real network: three of them without a word are a lost Monitor, and a busy database takes its time. */
export const HEARTBEAT_MS = 1_000;
const REPLICA_BEAT_MS = 1_000;

/** A database with registered points, and Centrals and Monitors on it. */
export class MonitorWorld {
  readonly db: Database;
  readonly databaseUrl: string;
  readonly trust: NetworkTrust;
  readonly audit: Audit;
  readonly audited: AuditRecord[] = [];
  readonly logLines: string[] = [];
  readonly log: Log;
  readonly #folder: string;
  readonly #release: () => Promise<void>;
  readonly #parts: { stop(): Promise<void> }[] = [];

  private constructor(
    made: Pick<MonitorWorld, 'db' | 'databaseUrl' | 'trust' | 'audit' | 'log'> & {
      folder: string;
      release(): Promise<void>;
      logLines: string[];
    },
  ) {
    this.db = made.db;
    this.databaseUrl = made.databaseUrl;
    this.trust = made.trust;
    this.audit = made.audit;
    this.log = made.log;
    this.logLines = made.logLines;
    this.#folder = made.folder;
    this.#release = made.release;
    this.audit.addSink((record) => this.audited.push(record));
  }

  static async open(): Promise<MonitorWorld> {
    const services = await acquireServices();
    const database = await createTestDatabase(services.adminDatabaseUrl);
    await migrate(database.url);
    const logLines: string[] = [];
    const log = createLog('test', {
      level: 'trace',
      destination: { write: (line: string) => void logLines.push(line) },
    });
    const db = openDatabase({ url: database.url, log });
    const masterKey = loadMasterKey({ value: '00112233445566778899aabbccddeeff0123456789abcdef0123456789abcdef' });
    const trust = await ensureTrust(db, { masterKey, authorityName: 'test', by: 'test', nowMs: Date.now() });
    const folder = await mkdtemp(join(tmpdir(), 'ev-monitors-'));
    const audit = await openAudit({ component: 'central', folder, log });
    const release = async () => {
      await database.drop();
      await services.release();
    };
    return new MonitorWorld({ db, databaseUrl: database.url, trust, audit, log, folder, release, logLines });
  }

  /** Enrols and registers a point; its secret. */
  async register(cpId: string): Promise<string> {
    const { enrolmentToken } = await this.enrol(cpId);
    const { csrPem } = await createCertificateRequest(`cp:${cpId}`);
    const { ca, sealed } = this.trust;
    const context = { ca, sealed, nowMs: Date.now(), isAdmin: false };
    const registered = await registerPoint(this.db, { cpId, token: enrolmentToken, csr: csrPem }, context);
    if (!registered.isRegistered) throw new Error(registered.code);
    return registered.answer.secret;
  }

  async enrol(cpId: string, more: Partial<NewPoint> = {}): Promise<{ enrolmentToken: string }> {
    const created = await this.db.transaction((tx) =>
      createPointWithToken(tx, { ...samplePoint(cpId), ...more }, { by: 'test', nowMs: Date.now() }),
    );
    if (!created.isCreated) throw new Error(created.code);
    return created;
  }

  /** `place` is what stays the same when a Central is started again; port 0 is any free one. */
  async startCentral(place = 'central-1', port = 0, heartbeatMs = HEARTBEAT_MS): Promise<MonitorCentral> {
    const { db, log, audit, trust } = this;
    const clock = systemClock;
    const replicaId = newRandomId();
    const said: string[] = [];
    const replica = { replicaId, apiUrl: place, version: 'test', startedAtMs: Date.now() };
    await signInReplica(db, replica);
    // One that does not beat counts as dead after five seconds, and its Monitors with it.
    const beating = clock.setRepeating(() => void beatReplica(db, replica).catch(() => undefined), REPLICA_BEAT_MS);
    const points = createPointChanges(
      {
        ...{ database: db, clock, log, audit, replicaId, policy: DEFAULT_SUPPLY_POLICY },
        newestReading: () => undefined,
        listeningSinceMs: () => 0,
        onCommitted: (committed) => {
          for (const entry of committed.audit) audit.record(entry);
        },
      },
      () => undefined,
    );
    const say = (message: { code: string }) => void said.push(message.code);
    const keys = await createPointKeys({ db, sealed: trust.sealed, points, replicaId, clock, audit, say });
    const leaf = await keepServiceLeaf({ ca: trust.ca, names: serviceNames('central'), clock });
    const config = { host: '127.0.0.1', port, heartbeatMs, brokers: '127.0.0.1:9092' };
    const { ticketKeys } = trust;
    const centralSockets = () => ['10.0.0.1:8020', '10.0.0.2:8020'];
    const of = { db, points, keys, leaf, ticketKeys, centralSockets, clock, log, audit, say, config };
    const server = await startMonitorServer(of);
    const outbox = startOutboxSender({
      ...{ database: db, clock, log, replicaId, sweepEveryMs: 100 },
      channels: () => undefined,
      monitors: () => server,
    });
    const central = {
      ...{ server, keys, points, replicaId, said },
      stop: async () => {
        beating.cancel();
        leaf.stop();
        await outbox.stop();
        await server.stop();
        await keys.stop();
      },
    };
    this.#parts.push(central);
    return central;
  }

  connect(
    central: { server: { port: number } },
    greeting: Partial<MonitorToCentral['authenticate']> | undefined,
    options?: { beatEveryMs?: number },
  ): TestMonitor {
    const monitor = new TestMonitor(
      { port: central.server.port, caPem: this.trust.ca.certificatePem },
      greeting,
      options,
    );
    this.#parts.push(monitor);
    return monitor;
  }

  async facts(cpId: string): Promise<Facts> {
    const row = await this.db.row<Facts>(
      `SELECT monitor_replica_id IS NOT NULL AS "isConnected", monitor_epoch AS epoch, is_engine_ok AS "isEngineOk",
          is_channel_up AS "isChannelUp", engine_fault_code AS code,
          ARRAY(SELECT kind FROM charging_point_holds h WHERE h.cp_id = f.cp_id ORDER BY kind) AS holds
        FROM charging_point_facts f WHERE cp_id = $1`,
      [cpId],
    );
    if (!row) throw new Error(`${cpId} has no facts`);
    return row;
  }

  /** State by key id. */
  async keyStates(cpId: string): Promise<Record<string, string>> {
    const rows = await this.db.rows<{ key_id: string; state: string }>(
      'SELECT key_id, state FROM encryption_keys WHERE cp_id = $1',
      [cpId],
    );
    return Object.fromEntries(rows.map((row) => [row.key_id, row.state]));
  }

  /** Why Central took the Monitor of this point for lost, each time. */
  lossesOf(cpId: string): string[] {
    return this.logLines
      .filter((line) => line.includes('a Monitor is lost'))
      .map((line) => JSON.parse(line) as { cpId: string; cause: string })
      .filter((line) => line.cpId === cpId)
      .map(({ cause }) => cause);
  }

  auditedActions(cpId: string): string[] {
    return this.audited.filter((record) => record.cp_id === cpId).map((record) => record.action);
  }

  async auditFile(): Promise<string> {
    await this.audit.stop();
    return readFile(join(this.#folder, 'audit_central.log'), 'utf8');
  }

  async close(): Promise<void> {
    for (const part of this.#parts.splice(0).reverse()) await part.stop();
    await this.audit.stop();
    await this.db.close();
    await rm(this.#folder, { recursive: true, force: true });
    await this.#release();
  }
}

/** A point's description for tests. */
export function samplePoint(cpId: string): NewPoint {
  return {
    ...{ cpId, zone: 'ALC', city: 'Alicante', country: 'ES', address: 'Calle Mayor 1' },
    priceE4PerKwh: 2_500,
    maxPowerW: 50_000,
  };
}

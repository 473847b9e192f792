import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Audit, openAudit } from '../io/audit/audit.ts';
import { KafkaConnection } from '../io/channels/kafka.ts';
import type { PointKey, PointKeySource } from '../io/channels/lease-store.ts';
import { systemClock } from '../io/clock.ts';
import { readConfig } from '../io/config.ts';
import { centralIdentity } from '../io/crypto/central-identity.ts';
import { newChannelKeyBytes } from '../io/crypto/channel-key.ts';
import { loadMasterKey } from '../io/crypto/master-key.ts';
import { createPasswords } from '../io/crypto/password.ts';
import { createLog } from '../io/log.ts';
import { newRandomId } from '../io/new-id.ts';
import { type Database, openDatabase } from '../io/postgres/database.ts';
import { migrate } from '../io/postgres/migrate.ts';
import { ensureTrust, type NetworkTrust } from '../io/postgres/network-trust.ts';
import { type CentralOptions, type RunningCentral, startCentral } from '../processes/central/central.ts';
import type { CentralParts } from '../processes/central/central-rooms.ts';
import { centralSettings } from '../processes/central/config.ts';
import type { MonitorLinks } from '../processes/central/parts.ts';
import { acquireServices, createTestDatabase, uniquePrefix, uniqueZone } from './services.ts';
import { USUALLY_WITHIN_MS } from './until.ts';

/** What a Monitor of the test was told by its socket. */
export type MonitorFrame = { cpId: string; type: string; body: unknown };

/** A database with points and drivers, a broker, and as many Centrals as a test starts; their sockets are written down. */
export type CentralWorld = {
  zone: string;
  database: Database;
  brokers: string;
  caPem: string;
  databaseName: string;
  /** Runs a statement as the server's administrator, outside of the test's database. */
  admin(statement: string): Promise<void>;
  frames: MonitorFrame[];
  keyOf(cpId: string): { keyId: string; key: Uint8Array };
  addPoint(cpId: string): Promise<void>;
  addDriver(driverId: string, password?: string): Promise<void>;
  start(options?: CentralOptions & { replicaName?: string; brokers?: string }): Promise<RunningCentral>;
  /** The point's Monitor is there, its engine OK, its channel up. */
  connect(central: RunningCentral, cpId: string, epoch?: number): Promise<void>;
  newKafka(name: string, brokers?: string): KafkaConnection;
  stop(): Promise<void>;
};

/** An engine in the hands of a test takes its time: what Central does when none accepts is for tests that want it. */
const PATIENCE = { acceptTimeoutMs: 10 * 60_000 };
const MASTER_KEY = 'b8a1f3c09d5e47268a7c41e2d6903b5f17c8e4a2906d3b5f8e1c7a4029d6b3f5';

export async function createCentralWorld(): Promise<CentralWorld> {
  const services = await acquireServices();
  const testDatabase = await createTestDatabase(services.adminDatabaseUrl);
  await migrate(testDatabase.url);
  const log = createLog('test', { level: process.env.EV_TEST_LOG ?? 'silent' });
  const database = openDatabase({ url: testDatabase.url, log, poolSize: 10 });
  const masterKey = loadMasterKey({ value: MASTER_KEY });
  const trust = await ensureTrust(database, { masterKey, authorityName: 'test', by: 'test', nowMs: Date.now() });
  const identity = await centralIdentity(trust.ca, masterKey, Date.now());
  const folder = await mkdtemp(join(tmpdir(), 'ev-central-'));
  const zone = uniqueZone();
  const groupId = uniquePrefix();
  const points = new Map<string, { keyId: string; key: Uint8Array }>();
  const frames: MonitorFrame[] = [];
  const kafkas: KafkaConnection[] = [];
  const centrals: RunningCentral[] = [];
  const audits: Audit[] = [];

  const newKafka = (name: string, brokers = services.brokers): KafkaConnection => {
    const kafka = new KafkaConnection({
      brokers: brokers.split(','),
      clientId: name,
      clock: systemClock,
      log,
    });
    kafkas.push(kafka);
    return kafka;
  };
  await database.run('INSERT INTO zones (zone) VALUES ($1)', [zone]);
  await database.run("INSERT INTO weather_locations (city, country) VALUES ('Alicante', 'ES')");

  return {
    zone,
    database,
    brokers: services.brokers,
    caPem: trust.ca.certificatePem,
    databaseName: testDatabase.name,
    async admin(statement) {
      const server = openDatabase({ url: services.adminDatabaseUrl, log, poolSize: 1 });
      await server.run(statement);
      await server.close();
    },
    frames,
    newKafka,
    keyOf: (cpId) => points.get(cpId)!,
    async addPoint(cpId) {
      points.set(cpId, { keyId: newRandomId(), key: newChannelKeyBytes() });
      await database.run(
        `INSERT INTO charging_points (cp_id, zone, location_id, address, price_e4_per_kwh, max_power_w)
          VALUES ($1, $2, 1, 'Calle Mayor 1', 2500, 50000)`,
        [cpId, zone],
      );
      await database.run('INSERT INTO charging_point_facts (cp_id) VALUES ($1)', [cpId]);
    },
    async addDriver(driverId, password) {
      const hash = password === undefined ? 'none' : await createPasswords().hash(password);
      await database.run("INSERT INTO drivers (driver_id, name, password_hash) VALUES ($1, 'Ana', $2)", [
        driverId,
        hash,
      ]);
    },
    async start({ replicaName = 'central-1', brokers, policy, ...options } = {}) {
      const config = readConfig(centralSettings, {
        DATABASE_URL: testDatabase.url,
        EV_MASTER_KEY: MASTER_KEY,
        CENTRAL_REPLICA_NAME: replicaName,
      });
      const audit = await openAudit({ component: `central-${newRandomId()}`, folder, log });
      audits.push(audit);
      const parts = centralParts({
        database,
        log,
        audit,
        trust,
        points,
        frames,
        kafka: newKafka(replicaName, brokers),
      });
      const central = await startCentral(
        config,
        { ...parts, identity: () => identity },
        {
          ...{ groupId, policy: { ...PATIENCE, ...policy } },
          ...options,
        },
      );
      centrals.push(central);
      return central;
    },
    async connect({ rooms }, cpId, epoch = 1) {
      const actor = { entity: `cp:${cpId}` };
      const instanceId = newRandomId();
      await rooms.points.apply(
        cpId,
        { edge: { kind: 'monitor-connected', epoch, instanceId, address: '127.0.0.1' } },
        actor,
      );
      const health = { kind: 'engine-health', epoch, isEngineOk: true, isChannelUp: true } as const;
      await rooms.points.apply(cpId, { edge: health }, actor);
    },
    async stop() {
      for (const central of centrals) await central.stop();
      for (const kafka of kafkas) await kafka.close();
      for (const audit of audits) await audit.stop();
      await database.close();
      await testDatabase.drop();
      await rm(folder, { recursive: true, force: true });
      await services.release();
    },
  };
}

type Given = {
  database: Database;
  log: ReturnType<typeof createLog>;
  audit: Audit;
  trust: NetworkTrust;
  points: ReadonlyMap<string, { keyId: string; key: Uint8Array }>;
  frames: MonitorFrame[];
  kafka: KafkaConnection;
};

function centralParts({ database, log, audit, trust, points, frames, kafka }: Given): Omit<CentralParts, 'identity'> {
  const keyOf = (cpId: string): PointKey | undefined => {
    const found = points.get(cpId);
    return found && { keyId: found.keyId, keyBytes: found.key, state: 'ACTIVE' };
  };
  const keys: PointKeySource = {
    keyById: (cpId, keyId) => (keyOf(cpId)?.keyId === keyId ? keyOf(cpId) : undefined),
    sendingKey: keyOf,
  };
  const links: MonitorLinks = {
    isConnected: (cpId) => points.has(cpId),
    send: async (cpId, type, body) => {
      frames.push({ cpId, type, body });
      return true;
    },
    drop: () => undefined,
    lastSeenAtMs: () => undefined,
    connectedCount: points.size,
  };
  return {
    clock: systemClock,
    log,
    audit,
    database,
    kafka,
    passwords: createPasswords(),
    trust,
    stopping: new AbortController().signal,
    startKeys: async () => ({ ...keys, stop: () => undefined }),
    startMonitors: async () => ({ ...links, stop: () => undefined }),
  };
}

/** Repeats until it holds; fails with the question after the deadline. */
export async function eventually<T>(
  question: string,
  ask: () => Promise<T | undefined> | T | undefined,
  withinMs = USUALLY_WITHIN_MS,
): Promise<T> {
  const untilMs = Date.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > untilMs) throw new Error(`not within ${withinMs} ms: ${question}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

import { randomBytes, randomUUID } from 'node:crypto';
import { startCentralChannels } from '../io/channels/central-channels.ts';
import type { CentralChannels, CentralChannelsOptions, Delivery, Rejection } from '../io/channels/central-contract.ts';
import { startClientChannel } from '../io/channels/client-channel.ts';
import type { ChannelMessage, ClientChannel, ClientChannelOptions } from '../io/channels/client-channel-options.ts';
import { KafkaConnection } from '../io/channels/kafka.ts';
import type { LeaseStore, PointKey } from '../io/channels/lease-store.ts';
import { systemClock } from '../io/clock.ts';
import { createAuthorityMaterial, openAuthority } from '../io/crypto/certificate-authority.ts';
import { CENTRAL_IDENTITY_NAME, type CentralIdentity, loadCentralIdentity } from '../io/crypto/driver-handshake.ts';
import { loadMasterKey } from '../io/crypto/master-key.ts';
import { createSealedSecrets } from '../io/crypto/sealed-secrets.ts';
import { createLog } from '../io/log.ts';
import { createLeaseStore } from '../io/postgres/channel-leases.ts';
import { type Database, openDatabase } from '../io/postgres/database.ts';
import { migrate } from '../io/postgres/migrate.ts';
import { centralToDriver, driverToCentral } from '../messages/driver-central.ts';
import { centralToEngine, engineToCentral } from '../messages/engine-central.ts';
import { compileCatalogue } from '../messages/validators.ts';
import { createTestDatabase } from './services.ts';
import { until } from './until.ts';

const log = createLog('channels-test', { level: process.env.EV_TEST_LOG ?? 'silent' });
const catalogues = {
  point: compileCatalogue(engineToCentral),
  driver: compileCatalogue(driverToCentral),
  toPoint: compileCatalogue(centralToEngine),
  toDriver: compileCatalogue(centralToDriver),
};

/** A connection of its own, as a process has it. */
export function testKafka(brokers: string, clientId = 'test'): KafkaConnection {
  return new KafkaConnection({ brokers: brokers.split(','), clientId, clock: systemClock, log });
}

/** Central's world without Central: database with leases, identity under a CA, keys of points. */
export class ChannelWorld {
  readonly brokers: string;
  readonly zone: string;
  readonly keys = new Map<string, PointKey>();
  readonly database: Database;
  readonly leases: LeaseStore;
  readonly identity: CentralIdentity;
  readonly caPem: string;
  readonly secrets = createSealedSecrets(loadMasterKey({ value: randomBytes(32).toString('hex') }));
  readonly #closers: Array<() => unknown> = [];

  constructor(parts: { brokers: string; zone: string; database: Database; identity: CentralIdentity; caPem: string }) {
    this.brokers = parts.brokers;
    this.zone = parts.zone;
    this.database = parts.database;
    this.leases = createLeaseStore(parts.database);
    this.identity = parts.identity;
    this.caPem = parts.caPem;
  }

  static async create(parts: { brokers: string; adminDatabaseUrl: string; zone: string }): Promise<ChannelWorld> {
    const testDatabase = await createTestDatabase(parts.adminDatabaseUrl);
    await migrate(testDatabase.url);
    const database = openDatabase({ url: testDatabase.url, log });
    await database.run('INSERT INTO zones (zone) VALUES ($1)', [parts.zone]);
    const { identity, caPem } = await newIdentity();
    const world = new ChannelWorld({ brokers: parts.brokers, zone: parts.zone, database, identity, caPem });
    world.closing(() => testDatabase.drop());
    world.closing(() => database.close());
    return world;
  }

  /** Runs at the end, last registered first. */
  closing(close: () => unknown): void {
    this.#closers.push(close);
  }

  async close(): Promise<void> {
    for (const close of this.#closers.reverse()) await close();
  }

  kafka(clientId: string): KafkaConnection {
    const kafka = testKafka(this.brokers, clientId);
    this.closing(() => kafka.close());
    return kafka;
  }

  /** Enrols a point: an ACTIVE key of its own. */
  addPoint(cpId: string): PointKey {
    const key: PointKey = { keyId: randomUUID(), keyBytes: randomBytes(32), state: 'ACTIVE' };
    this.keys.set(cpId, key);
    return key;
  }

  central(parts: Partial<CentralChannelsOptions> & { kafka: KafkaConnection }): RecordingCentral {
    const central = new RecordingCentral(this, parts);
    this.closing(() => central.stop());
    return central;
  }

  point(cpId: string, parts: Partial<ClientChannelOptions> & { kafka: KafkaConnection }): RecordingClient {
    const key = this.keys.get(cpId) ?? this.addPoint(cpId);
    const credential = { kind: 'point' as const, keyId: key.keyId, key: key.keyBytes };
    const buildHello = () => ({ bootId: client.bootId, sequence: 0, isLocalHold: false, unacknowledged: [] });
    const client: RecordingClient = new RecordingClient({
      clientId: `cp:${cpId}`,
      zone: this.zone,
      credential,
      validators: catalogues.toPoint,
      buildHello,
      ...parts,
    });
    this.closing(() => client.channel.stop());
    return client;
  }

  driver(driverId: string, parts: Partial<ClientChannelOptions> & { kafka: KafkaConnection }): RecordingClient {
    const client: RecordingClient = new RecordingClient({
      clientId: `driver:${driverId}`,
      zone: this.zone,
      credential: { kind: 'driver', caPem: this.caPem },
      validators: catalogues.toDriver,
      buildHello: () => ({ bootId: client.bootId }),
      ...parts,
    });
    this.closing(() => client.channel.stop());
    return client;
  }
}

/** A new CA with Central's identity under it. */
export async function newIdentity(name = CENTRAL_IDENTITY_NAME): Promise<{ identity: CentralIdentity; caPem: string }> {
  const authority = await openAuthority(await createAuthorityMaterial('test authority', Date.now()));
  const issued = await authority.issueIdentity(name, Date.now());
  return { identity: loadCentralIdentity(issued), caPem: authority.certificatePem };
}

/** Central's channels with everything that came in. */
export class RecordingCentral {
  readonly deliveries: Delivery[] = [];
  readonly expired: Delivery[] = [];
  readonly rejections: Rejection[] = [];
  readonly channels: CentralChannels;

  constructor(world: ChannelWorld, parts: Partial<CentralChannelsOptions> & { kafka: KafkaConnection }) {
    this.channels = startCentralChannels({
      replicaId: randomUUID(),
      groupId: `central-${world.zone}`,
      zones: [world.zone],
      identity: () => world.identity,
      leases: world.leases,
      keys: {
        keyById: (cpId, keyId) => (world.keys.get(cpId)?.keyId === keyId ? world.keys.get(cpId) : undefined),
        sendingKey: (cpId) => world.keys.get(cpId),
      },
      secrets: world.secrets,
      validators: { point: catalogues.point, driver: catalogues.driver },
      onMessage: async (delivery) => this.deliveries.push(delivery),
      onHello: async (delivery) => ({ body: await helloAnswer(this.channels, world.zone, delivery) }),
      onExpired: async (delivery) => this.expired.push(delivery),
      onRejected: async (rejection) => this.rejections.push(rejection),
      clock: systemClock,
      log,
      ...parts,
    });
  }

  stop(): Promise<void> {
    return this.channels.stop();
  }
}

async function helloAnswer(
  channels: CentralChannels,
  zone: string,
  { kind, leaseId, subjectId }: Delivery,
): Promise<unknown> {
  if (kind === 'driver') return { leaseId, statusOffsets: await channels.statusOffsets(), pointCount: 0 };
  const point = {
    cpId: subjectId,
    zone,
    address: 'Street 1',
    city: 'Alicante',
    country: 'ES',
    priceE4PerKwh: 4_000,
    maxPowerW: 22_000,
  };
  const policy = { plugTimeoutMs: 120_000, monitorLoss: 'continue' };
  return { leaseId, point, holds: [], acknowledgedSupplyIds: [], policy };
}

type ClientParts = Omit<ClientChannelOptions, 'bootId' | 'clock' | 'log' | 'onMessage' | 'onHelloAnswered'> &
  Partial<Pick<ClientChannelOptions, 'onMessage' | 'onHelloAnswered'>>;

/** A client's channel with everything that came. */
export class RecordingClient {
  readonly bootId = randomUUID();
  readonly messages: ChannelMessage[] = [];
  readonly leases: string[] = [];
  readonly changes: boolean[] = [];
  readonly rejected: string[] = [];
  readonly answers: unknown[] = [];
  readonly channel: ClientChannel;

  constructor(parts: ClientParts) {
    this.channel = startClientChannel({
      bootId: this.bootId,
      onMessage: (message) => void this.messages.push(message),
      onHelloAnswered: (body, leaseId) => {
        this.answers.push(body);
        this.leases.push(leaseId);
      },
      onStateChange: (isUp) => this.changes.push(isUp),
      onRejected: (code) => this.rejected.push(code),
      clock: systemClock,
      log,
      ...parts,
    });
  }

  async up(): Promise<this> {
    await until('the channel is up', () => this.channel.isUp);
    return this;
  }
}

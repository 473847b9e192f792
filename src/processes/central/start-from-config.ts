import type { Audit } from '../../io/audit/audit.ts';
import { system } from '../../io/audit/audit-events.ts';
import { CENTRAL_GROUP } from '../../io/channels/central-contract.ts';
import { KafkaConnection } from '../../io/channels/kafka.ts';
import { kafkaSecurity } from '../../io/channels/kafka-login.ts';
import { BROKER_ADMIN_SUBJECT, keepBrokerUsers } from '../../io/channels/kafka-users.ts';
import { type Clock, pause } from '../../io/clock.ts';
import { centralIdentity } from '../../io/crypto/central-identity.ts';
import type { CentralIdentity } from '../../io/crypto/driver-handshake.ts';
import type { MasterKey } from '../../io/crypto/master-key.ts';
import { masterKeyFrom } from '../../io/crypto/master-key-settings.ts';
import { createPasswords } from '../../io/crypto/password.ts';
import { keepServiceLeaf, type ServiceLeaf, serviceNames } from '../../io/crypto/service-leaf.ts';
import type { RunningProcess, Stoppable } from '../../io/lifecycle.ts';
import type { Log } from '../../io/log.ts';
import { startAuditLogWriter } from '../../io/postgres/audit-log.ts';
import { type Database, openDatabase } from '../../io/postgres/database.ts';
import { readKafkaCredentials } from '../../io/postgres/kafka-credentials.ts';
import { type NetworkTrust, waitForTrust } from '../../io/postgres/network-trust.ts';
import { startApi } from './api/start-api.ts';
import { startCentral } from './central.ts';
import type { CentralParts, CentralRooms } from './central-rooms.ts';
import { type CentralConfig, databaseUrlOf } from './config.ts';
import { createPointKeys, type PointKeys } from './keys/point-keys.ts';
import { centralMetrics } from './metrics.ts';
import { startMonitorServer } from './monitors/monitor-server.ts';

const RENEW_IDENTITY_MS = 24 * 60 * 60_000;

type Given = { clock: Clock; log: Log; audit: Audit; running: RunningProcess };

/** Picks Central's real parts in the order in which they need each other, and starts it. Undefined: stopped while it waited. */
export async function startFromConfig(config: CentralConfig, given: Given): Promise<Stoppable | undefined> {
  const { clock, log, audit, running } = given;
  const masterKey = masterKeyFrom(config);
  const database = openDatabase({
    url: databaseUrlOf(config),
    log,
    poolSize: config.poolSize,
    applicationName: config.replicaName,
  });
  running.addPart('database', { stop: () => database.close() });
  const auditLog = startAuditLogWriter({
    db: database,
    clock,
    log,
    component: 'central',
    folder: config.auditFolder,
  });
  audit.addSink(auditLog.sink);
  running.addPart('audit log', auditLog);
  const trust = await waitForTrust(database, masterKey, {
    signal: running.stopping,
    pause: (delayMs) => pause(clock, delayMs, running.stopping),
    onWaiting: (problem) => log.warn({ problem }, 'waiting for the database'),
  });
  if (!trust) return undefined;
  const { leaf, identity } = await keepCertificates({ config, trust, masterKey }, given);
  const kafka = new KafkaConnection({
    ...{ brokers: config.brokers, clientId: config.replicaName, clock, log },
    ...kafkaSecurity(config, trust.ca.certificatePem),
  });
  running.addPart('kafka', { stop: () => kafka.close() });
  if (config.kafkaController !== '') await giveBrokerItsUsers({ config, database, trust, kafka }, given);
  audit.record(system.started({ entity: 'central' }));
  let keys: PointKeys | undefined;
  const parts: CentralParts = {
    clock,
    log,
    audit,
    database,
    kafka,
    passwords: createPasswords(),
    trust,
    identity,
    stopping: running.stopping,
    async startKeys(rooms) {
      keys = await startKeys(rooms);
      return keys;
    },
    startMonitors: async (rooms) => startMonitors(rooms, { config, keys: needed(keys), leaf }),
    startApi: (rooms) => startApi(rooms, { config, keys: needed(keys), leaf, metrics: centralMetrics(rooms) }),
  };
  return startCentral(config, parts);
}

/** The users of a secured broker, from the sealed credentials that `ev admin init` made (R2-27). */
async function giveBrokerItsUsers(
  of: { config: CentralConfig; database: Database; trust: NetworkTrust; kafka: KafkaConnection },
  { clock, log, running }: Given,
): Promise<void> {
  const { ca, sealed } = of.trust;
  const keeping = keepBrokerUsers({
    controller: of.config.kafkaController,
    caPem: ca.certificatePem,
    certificate: () => ca.issueLeaf({ subject: BROKER_ADMIN_SUBJECT }, clock.nowMs()),
    users: await readKafkaCredentials(of.database, sealed),
    groupId: CENTRAL_GROUP,
    isBrokerUp: () => of.kafka.isUp,
    ...{ clock, log },
  });
  running.addPart('users of the broker', keeping);
}

/** Central's TLS certificate and its signing identity, both renewed without a restart. */
async function keepCertificates(
  of: { config: CentralConfig; trust: NetworkTrust; masterKey: MasterKey },
  { clock, log, running }: Given,
): Promise<{ leaf: ServiceLeaf; identity: () => CentralIdentity }> {
  const { ca } = of.trust;
  const furtherNames = of.config.publicNames.split(',').map((name) => name.trim());
  const onError = (error: unknown) => log.error({ err: error }, 'the certificate could not be renewed');
  const leaf = await keepServiceLeaf({
    ca,
    names: serviceNames('central', [of.config.host, of.config.advertisedHost, ...furtherNames]),
    clock,
    onError,
  });
  running.addPart('certificate', leaf);
  let identity = await centralIdentity(ca, of.masterKey, clock.nowMs());
  const renewing = clock.setRepeating(() => {
    centralIdentity(ca, of.masterKey, clock.nowMs()).then((fresh) => {
      identity = fresh;
    }, onError);
  }, RENEW_IDENTITY_MS);
  running.addPart('identity', { stop: () => renewing.cancel() });
  return { leaf, identity: () => identity };
}

function startKeys(rooms: CentralRooms): Promise<PointKeys> {
  const { database, trust, points, replica, clock, audit, picture } = rooms;
  const say: CentralRooms['picture']['say'] = (message) => picture.say(message);
  return createPointKeys({
    db: database,
    sealed: trust.sealed,
    points,
    replicaId: replica.replicaId,
    clock,
    audit,
    say,
  });
}

async function startMonitors(
  rooms: CentralRooms,
  options: { config: CentralConfig; keys: PointKeys; leaf: ServiceLeaf },
) {
  const { config, keys, leaf } = options;
  const server = await startMonitorServer({
    db: rooms.database,
    points: rooms.points,
    keys,
    leaf,
    ticketKeys: rooms.trust.ticketKeys,
    clock: rooms.clock,
    log: rooms.log,
    audit: rooms.audit,
    say: (message) => rooms.picture.say(message),
    centralSockets: () =>
      rooms.late.replicas.flatMap((one) => (one.isAlive && one.socketAddress !== undefined ? [one.socketAddress] : [])),
    config: {
      host: config.host,
      port: config.socketPort,
      heartbeatMs: config.heartbeatMs,
      brokers: config.advertisedBrokers || config.brokers.join(','),
    },
  });
  const forget = rooms.picture.onPointChange((cpId, point) => {
    if (!point) {
      server.drop(cpId, 'retired');
      return;
    }
    const holder = rooms.picture.holderOf(cpId);
    if (holder && holder.replicaId !== rooms.replica.replicaId) server.fence(cpId, holder);
    const holds = (point.holdsSetBy ?? []).map((hold) => hold.kind);
    server.notifyPointStatus(cpId, point, holds);
  });
  return Object.assign(server, {
    stop: ((stopServer) => async () => {
      forget();
      await stopServer();
    })(server.stop.bind(server)),
  });
}

function needed(keys: PointKeys | undefined): PointKeys {
  if (!keys) throw new Error('the keys are started before the Monitors and the API');
  return keys;
}

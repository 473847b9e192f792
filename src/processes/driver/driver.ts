import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Audit } from '../../io/audit/audit.ts';
import { incident, security } from '../../io/audit/audit-events.ts';
import { startClientChannel } from '../../io/channels/client-channel.ts';
import type { ChannelMessage } from '../../io/channels/client-channel-options.ts';
import { KafkaConnection } from '../../io/channels/kafka.ts';
import { kafkaSecurity } from '../../io/channels/kafka-login.ts';
import { startStatusReader } from '../../io/channels/status-reader.ts';
import type { Clock } from '../../io/clock.ts';
import type { OwnApi } from '../../io/console/own-api.ts';
import type { Log } from '../../io/log.ts';
import { newRandomId } from '../../io/new-id.ts';
import { type CentralToDriver, centralToDriver, centralToStatus } from '../../messages/driver-central.ts';
import { compileCatalogue } from '../../messages/validators.ts';
import { startBatchFile } from './batches/batch-at-start.ts';
import { openBatchFiles } from './batches/batch-files.ts';
import { type Batches, startBatches } from './batches/batch-runner.ts';
import { type CentralLink, createCentralLink, type FromCentral, type SendToCentral } from './central-link.ts';
import type { DriverConfig } from './config.ts';
import { takeFromCentral, takeStatus } from './from-central.ts';
import { createPoints, type Points } from './points.ts';
import { type Presence, watchCentral } from './presence.ts';
import { admitUser, resumeSession } from './routes/session-cookie.ts';
import { startDriverServer } from './server.ts';
import { createUsers, type Users } from './users.ts';

const driverValidators = compileCatalogue(centralToDriver);
const statusValidators = compileCatalogue(centralToStatus);

/** False: it has expired. Throws NoAnswer while nobody knows. */
async function presentToken(sessionToken: string, parts: { users: Users; link: CentralLink }): Promise<boolean> {
  const session = await resumeSession(sessionToken, parts);
  if (session) admitUser(sessionToken, session, parts);
  return session !== undefined;
}

/** A login is bound to a lease: after a renewal or a restart of Central's memory each token is presented again (protocol 3). */
async function presentTokens(users: Users, link: CentralLink, log: Log): Promise<void> {
  for (const user of [...users.all()]) {
    for (const token of [...user.tokens.keys()]) {
      try {
        await presentToken(token, { users, link });
      } catch (error) {
        log.warn({ err: error, driverId: user.driverId }, 'a login could not be presented; the next lease tries again');
      }
    }
  }
}

type DriverParts = { clock: Clock; log: Log; audit: Audit; say(line: string): void };

/** What a driver application is made of beside its channel and its server. */
type Rooms = {
  source: { entity: string };
  caPem: string;
  kafka: KafkaConnection;
  presence: Presence;
  users: Users;
  points: Points;
  link: CentralLink;
  batches: Batches;
};

function makeRooms(config: DriverConfig, { clock, log, audit }: DriverParts, send: SendToCentral): Rooms {
  const source = { entity: `driver:${config.clientId}` };
  const caPem = readFileSync(config.caFile, 'utf8');
  const { brokers, clientId } = config;
  const kafka = new KafkaConnection({ brokers, clientId, clock, log, ...kafkaSecurity(config, caPem) });
  const presence = watchCentral({
    clock,
    lostMs: config.centralLostMs,
    auditMs: config.centralAuditMs,
    isBrokerUp: () => kafka.isUp,
    onLost: () => audit.record(incident.centralDisconnected(source, { silentMs: config.centralAuditMs })),
    onBack: () => audit.record(incident.centralReconnected(source, { silentMs: config.centralAuditMs })),
  });
  const freshness = { clock, upstream: presence.upstream, dataAtMs: presence.lastHeardAtMs };
  const users = createUsers({ ...freshness, onAdmitted: (user, token) => batches.admitted(user, token) });
  const points = createPoints(freshness);
  const link = createCentralLink(send);
  const batches = startBatches({
    files: openBatchFiles(join(config.dataDir, 'batches'), log),
    users: () => users,
    link,
    present: (token) => presentToken(token, { users, link }),
    isCentralReachable: presence.isCentralReachable,
    clock,
    log,
  });
  return { source, caPem, kafka, presence, users, points, link, batches };
}

/** The one channel to Central, and `Status_*` beside it; what comes goes into the rooms. */
function openChannel(config: DriverConfig, rooms: Rooms, { clock, log, audit }: DriverParts) {
  const { kafka, presence, users, points, link, batches, source } = rooms;
  const bootId = newRandomId();
  let statusReader: { stop(): void } | undefined;
  const onRejected = (code: string, topic: string) => audit.record(security.recordRefused(source, { code, topic }));
  const followStatus = (offsets: Record<string, string>) => {
    statusReader?.stop();
    statusReader = startStatusReader({
      kafka,
      offsets,
      identity: () => channel.identity,
      validators: statusValidators,
      onMessage: (message) => {
        presence.heard();
        takeStatus(message.type, message.body, points);
      },
      onLost: () => channel.renew(),
      ...{ onRejected, clock, log },
    });
  };
  const channel = startClientChannel({
    kafka,
    clientId: source.entity,
    ...(config.zone ? { zone: config.zone } : {}),
    credential: { kind: 'driver', caPem: rooms.caPem },
    bootId,
    validators: driverValidators,
    buildHello: () => ({ bootId }),
    onHelloAnswered: (body) => {
      presence.heard();
      points.beginSnapshot();
      followStatus((body as CentralToDriver['hello-answered']).statusOffsets);
      // Not awaited: the answers come by this very channel, which goes on only after this.
      setImmediate(() => void presentTokens(users, link, log).then(() => batches.reconnected()));
    },
    onMessage: (message: ChannelMessage) => {
      presence.heard();
      const { type, body, envelope } = message;
      const told = { type, body, correlationId: envelope.correlationId } as FromCentral;
      takeFromCentral(told, { link, users, points, batches, clock, log });
    },
    ...{ onRejected, clock, log },
  });
  return {
    channel,
    stop() {
      statusReader?.stop();
      channel.stop();
    },
  };
}

/** A driver application: one channel to Central for many people (D-05, S-DRV-*). */
export async function startDriver(
  config: DriverConfig,
  parts: DriverParts,
): Promise<{ port: number; api: OwnApi; stop(): Promise<void> }> {
  const { clock, log, say } = parts;
  const rooms = makeRooms(config, parts, (type, body, options) => central.channel.send(type, body, options));
  const { presence, users, points, link, batches, kafka } = rooms;
  const central = openChannel(config, rooms, parts);
  const { isCentralReachable } = presence;
  const server = await startDriverServer(config, {
    ...{ users, link, points, batches, clock, log, isCentralReachable },
    readiness: () => ({ channel: central.channel.isUp, central: isCentralReachable() }),
  });
  const batchFile = config.batchFile
    ? startBatchFile(
        { file: config.batchFile, driverId: config.userId, password: config.userPassword },
        { link, users, batches, clock, isCentralReachable, say },
      )
    : undefined;
  return {
    port: server.port,
    api: server.api,
    async stop() {
      batchFile?.stop();
      // Before the server, which waits for whoever waits for Central.
      link.stop();
      await server.stop();
      batches.stop();
      presence.stop();
      central.stop();
      users.stop();
      points.feed.stop();
      await kafka.close();
    },
  };
}

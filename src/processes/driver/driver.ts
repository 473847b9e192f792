import { readFileSync } from 'node:fs';
import type { Audit } from '../../io/audit/audit.ts';
import { incident, security } from '../../io/audit/audit-events.ts';
import { startClientChannel } from '../../io/channels/client-channel.ts';
import type { ChannelMessage, ClientChannel } from '../../io/channels/client-channel-options.ts';
import { KafkaConnection } from '../../io/channels/kafka.ts';
import { startStatusReader } from '../../io/channels/status-reader.ts';
import type { Clock } from '../../io/clock.ts';
import type { Log } from '../../io/log.ts';
import { newRandomId } from '../../io/new-id.ts';
import { type CentralToDriver, centralToDriver, centralToStatus } from '../../messages/driver-central.ts';
import { compileCatalogue } from '../../messages/validators.ts';
import { type CentralLink, createCentralLink, type FromCentral } from './central-link.ts';
import type { DriverConfig } from './config.ts';
import { takeFromCentral, takeStatus } from './from-central.ts';
import { createPoints } from './points.ts';
import { watchCentral } from './presence.ts';
import { admitUser } from './routes/session-cookie.ts';
import { startDriverServer } from './server.ts';
import { createUsers, type Users } from './users.ts';

const driverValidators = compileCatalogue(centralToDriver);
const statusValidators = compileCatalogue(centralToStatus);

/** A login is bound to a lease: after a renewal or a restart of Central's memory each token is presented again (protocol 3). */
async function presentTokens(users: Users, link: CentralLink, log: Log): Promise<void> {
  for (const user of [...users.all()]) {
    for (const token of [...user.tokens.keys()]) {
      try {
        const answer = await link.ask('resume-session', { sessionToken: token });
        if (answer.type === 'session-resumed') admitUser(token, answer.body, { users, link });
      } catch (error) {
        log.warn({ err: error, driverId: user.driverId }, 'a login could not be presented; the next lease tries again');
      }
    }
  }
}

/** A driver application: one channel to Central for many people (D-05, S-DRV-*). */
export async function startDriver(
  config: DriverConfig,
  parts: { clock: Clock; log: Log; audit: Audit },
): Promise<{ port: number; stop(): Promise<void> }> {
  const { clock, log, audit } = parts;
  const clientId = `driver:${config.clientId}`;
  const source = { entity: clientId };
  const bootId = newRandomId();
  const kafka = new KafkaConnection({ brokers: config.brokers, clientId: config.clientId, clock, log });
  const presence = watchCentral({
    clock,
    lostMs: config.centralLostMs,
    auditMs: config.centralAuditMs,
    isBrokerUp: () => kafka.isUp,
    onLost: () => audit.record(incident.centralDisconnected(source, { silentMs: config.centralAuditMs })),
    onBack: () => audit.record(incident.centralReconnected(source, { silentMs: config.centralAuditMs })),
  });
  const freshness = { clock, upstream: presence.upstream, dataAtMs: presence.lastHeardAtMs };
  const users = createUsers(freshness);
  const points = createPoints(freshness);
  let statusReader: { stop(): void } | undefined;
  let channel: ClientChannel | undefined;
  const link = createCentralLink(async (type, body, options) => {
    if (!channel) throw new Error('the channel is not made yet');
    await channel.send(type, body, options);
  });
  const onRejected = (code: string, topic: string) => audit.record(security.recordRefused(source, { code, topic }));

  const followStatus = (offsets: Record<string, string>) => {
    statusReader?.stop();
    statusReader = startStatusReader({
      kafka,
      offsets,
      identity: () => channel?.identity,
      validators: statusValidators,
      onMessage: (message) => {
        presence.heard();
        takeStatus(message.type, message.body, points);
      },
      onLost: () => channel?.renew(),
      onRejected,
      clock,
      log,
    });
  };
  channel = startClientChannel({
    kafka,
    clientId,
    ...(config.zone ? { zone: config.zone } : {}),
    credential: { kind: 'driver', caPem: readFileSync(config.caFile, 'utf8') },
    bootId,
    validators: driverValidators,
    buildHello: () => ({ bootId }),
    onHelloAnswered: (body) => {
      presence.heard();
      points.beginSnapshot();
      followStatus((body as CentralToDriver['hello-answered']).statusOffsets);
      // Not awaited: the answers come by this very channel, which goes on only after this.
      setImmediate(() => void presentTokens(users, link, log));
    },
    onMessage: (message: ChannelMessage) => {
      presence.heard();
      const { type, body, envelope } = message;
      takeFromCentral({ type, body, correlationId: envelope.correlationId } as FromCentral, {
        link,
        users,
        points,
        clock,
        log,
      });
    },
    onRejected,
    clock,
    log,
  });
  const server = await startDriverServer(config, {
    users,
    link,
    points,
    clock,
    log,
    isCentralReachable: presence.isCentralReachable,
    readiness: () => ({ channel: channel?.isUp === true, central: presence.isCentralReachable() }),
  });
  return {
    port: server.port,
    async stop() {
      await server.stop();
      presence.stop();
      statusReader?.stop();
      channel?.stop();
      users.stop();
      points.feed.stop();
      await kafka.close();
    },
  };
}

import { BROKER_ADMIN_SUBJECT, BROKER_SUBJECT } from '../io/channels/kafka-users.ts';
import { inUrl, isIpAddress } from '../io/sockets/ip-address.ts';

/** Addresses and folder of a broker on this computer. */
export type KafkaPlace = {
  host: string;
  port: number;
  controllerPort: number;
  dataFolder: string;
  /** Undefined: plain, on loopback. */
  secured?: SecuredListeners;
};

/**
 * A secured broker's addresses (F-04): outside, as other computers name it, and inside, for what runs beside it, which so
 * does not depend on the outer address. `host` and `port` of the place are where it listens for outside.
 */
export type SecuredListeners = {
  /** By which name or address other computers reach it. */
  publicHost: string;
  /** By which its neighbours reach it, and where it listens for them. */
  innerHost: string;
  innerListenHost: string;
  innerPort: number;
  /** Private key (PKCS#8), certificate and authority in one PEM file; the authority alone in the other. */
  keyFile: string;
  authorityFile: string;
};

/** `server.properties` of a broker that is also its own controller (KRaft), small and quick to come back after kill -9. */
export function serverProperties(place: KafkaPlace): string {
  const settings: Record<string, string | number | boolean> = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.listener.names': 'CONTROLLER',
    ...(place.secured ? securedListeners(place, place.secured) : plainListeners(place)),
    'log.dirs': place.dataFolder,
    'auto.create.topics.enable': false,
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 4,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    'group.initial.rebalance.delay.ms': 0,
    // As long as a Java machine takes to start: a shorter one gains nothing after kill -9 and loses the broker on a busy computer.
    'broker.session.timeout.ms': 2000,
    'broker.heartbeat.interval.ms': 200,
    'fetch.purgatory.purge.interval.requests': 50,
    'producer.purgatory.purge.interval.requests': 50,
    'num.network.threads': 2,
    'num.io.threads': 4,
    'log.cleaner.dedupe.buffer.size': 8_388_608,
    'log.message.timestamp.type': 'LogAppendTime',
  };
  return `${Object.entries(settings)
    .map(([name, value]) => `${name}=${value}`)
    .join('\n')}\n`;
}

function plainListeners(place: KafkaPlace) {
  const broker = at(place.host, place.port);
  const controller = at(place.host, place.controllerPort);
  return {
    'controller.quorum.voters': `1@${controller}`,
    listeners: `PLAINTEXT://${broker},CONTROLLER://${controller}`,
    'advertised.listeners': `PLAINTEXT://${broker}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'inter.broker.listener.name': 'PLAINTEXT',
  };
}

/**
 * TLS everywhere, users with passwords (SCRAM) for brokers' clients, certificates for the controller, no right that was not
 * granted (R2-27). The controller knows its administrators by their certificates, so that a broker with empty data can be
 * given its first users.
 */
function securedListeners(place: KafkaPlace, secured: SecuredListeners) {
  const { publicHost, innerHost, innerListenHost, innerPort, keyFile, authorityFile } = secured;
  const outer = at(place.host, place.port);
  const inner = at(innerListenHost, innerPort);
  const login = 'org.apache.kafka.common.security.scram.ScramLoginModule required;';
  return {
    'controller.quorum.voters': `1@${at(innerHost, place.controllerPort)}`,
    listeners: `OUTER://${outer},INNER://${inner},CONTROLLER://${at(innerListenHost, place.controllerPort)}`,
    'advertised.listeners': `OUTER://${at(publicHost, place.port)},INNER://${at(innerHost, innerPort)}`,
    'listener.security.protocol.map': 'OUTER:SASL_SSL,INNER:SASL_SSL,CONTROLLER:SSL',
    'inter.broker.listener.name': 'INNER',
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': keyFile,
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': authorityFile,
    'listener.name.controller.ssl.client.auth': 'required',
    'sasl.enabled.mechanisms': 'SCRAM-SHA-512',
    'sasl.mechanism.inter.broker.protocol': 'SCRAM-SHA-512',
    'listener.name.outer.scram-sha-512.sasl.jaas.config': login,
    'listener.name.inner.scram-sha-512.sasl.jaas.config': login,
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'allow.everyone.if.no.acl.found': false,
    'super.users': `User:CN=${BROKER_SUBJECT};User:CN=${BROKER_ADMIN_SUBJECT}`,
  };
}

function at(host: string, port: number): string {
  return `${inUrl(host)}:${port}`;
}

/** log4j2's settings: warnings and worse, to the console. */
export function log4jSettings(): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<Configuration status="ERROR">
  <Appenders>
    <Console name="console" target="SYSTEM_OUT">
      <PatternLayout pattern="%d{ISO8601} %p %m (%c{1})%n%throwable{5}"/>
    </Console>
  </Appenders>
  <Loggers>
    <Root level="warn"><AppenderRef ref="console"/></Root>
  </Loggers>
</Configuration>
`;
}

/** What the Java machine is told: a small heap, the collector with the least overhead, the class archive. */
export function javaFlags(options: {
  archive: string;
  log4jFile: string;
  /** Undefined: names are looked up as everywhere. */
  hostsFile?: string;
  isMakingArchive: boolean;
}): string[] {
  const archive = options.isMakingArchive ? '-XX:ArchiveClassesAtExit' : '-XX:SharedArchiveFile';
  return [
    '-Xmx384m',
    '-Xms128m',
    '-XX:+UseSerialGC',
    `${archive}=${options.archive}`,
    '-Xlog:disable',
    '-Xlog:all=error:stderr',
    `-Dlog4j2.configurationFile=${options.log4jFile}`,
    '-Djava.awt.headless=true',
    ...(options.hostsFile === undefined ? [] : [`-Djdk.net.hosts.file=${options.hostsFile}`]),
  ];
}

/**
 * The only names that a broker with numeric addresses knows. For each SASL connection it asks for the name of its own
 * address: on a network without DNS that took ten seconds, longer than any client waits (F-04). Undefined: its address is a name.
 */
export function hostsOf({ host }: Pick<KafkaPlace, 'host'>): string | undefined {
  if (!isIpAddress(host)) return undefined;
  const isOfAll = host === '0.0.0.0' || host === '::';
  return ['127.0.0.1 localhost', ...(isOfAll ? [] : [`${host} kafka`]), ''].join('\n');
}

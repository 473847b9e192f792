/** Addresses and folder of a broker on this computer. */
export type KafkaPlace = { host: string; port: number; controllerPort: number; dataFolder: string };

/** `server.properties` of a broker that is also its own controller (KRaft), small and quick to come back after kill -9. */
export function serverProperties(place: KafkaPlace): string {
  const broker = `${place.host}:${place.port}`;
  const controller = `${place.host}:${place.controllerPort}`;
  const settings: Record<string, string | number | boolean> = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@${controller}`,
    listeners: `PLAINTEXT://${broker},CONTROLLER://${controller}`,
    'advertised.listeners': `PLAINTEXT://${broker}`,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'inter.broker.listener.name': 'PLAINTEXT',
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
export function javaFlags(options: { archive: string; log4jFile: string; isMakingArchive: boolean }): string[] {
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
  ];
}

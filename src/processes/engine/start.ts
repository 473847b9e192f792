import { openAudit } from '../../io/audit/audit.ts';
import { system } from '../../io/audit/audit-events.ts';
import { createLateAudit } from '../../io/audit/late-audit.ts';
import { startClientChannel } from '../../io/channels/client-channel.ts';
import { KafkaConnection } from '../../io/channels/kafka.ts';
import { brokerList, kafkaLoginProblems, kafkaSecurity } from '../../io/channels/kafka-login.ts';
import type { Clock } from '../../io/clock.ts';
import { MessageTrace, tracedChannel, tracedFrames } from '../../io/console/message-trace.ts';
import type { RunningProcess, Stoppable } from '../../io/lifecycle.ts';
import type { Log } from '../../io/log.ts';
import { waitForFile } from '../../io/secret-file.ts';
import { dialAddress } from '../../io/sockets/dial-address.ts';
import { startFrameClient } from '../../io/sockets/frame-client.ts';
import { ENGINE_BEATS } from '../../messages/monitor-engine.ts';
import { startEngineApi } from './api.ts';
import type { KafkaSource } from './central-channel.ts';
import type { EngineConfig } from './config.ts';
import { attachEngineConsole } from './console.ts';
import { startEngine } from './engine.ts';
import { openEngineJournal } from './engine-records.ts';
import type { DialMonitor } from './monitor-link.ts';

export type EngineProcessParts = { clock: Clock; log: Log; running: RunningProcess };

/** The engine with its real parts: journal, Monitor's socket, Kafka, its own API, and the keyboard if there is one. */
export async function startEngineProcess(
  config: EngineConfig,
  { clock, log, running }: EngineProcessParts,
): Promise<Stoppable | undefined> {
  const trace = new MessageTrace();
  const audit = createLateAudit();
  running.addPart('audit', audit);
  const journal = await openEngineJournal({
    folder: config.dataDir,
    clock,
    onCompactionFailed: (error) => log.warn({ err: error }, 'the journal could not be compacted'),
  });
  running.addPart('journal', journal);
  for (const { segment, lineNumber } of journal.problems)
    audit.record(system.journalDamaged({ entity: 'engine' }, { segment, lineNumber }));
  const caPem = await waitForFile(config.caFile, {
    clock,
    signal: running.stopping,
    onWaiting: () => log.info({ file: config.caFile }, 'waiting for the certificate authority'),
  });
  if (caPem === undefined) return undefined;
  const openAuditOf = async (cpId: string): Promise<void> => {
    await audit.open(await openAudit({ component: `engine_${cpId}`, folder: config.auditDir, log, clock }));
    audit.record(system.started({ entity: `cp:${cpId}` }));
  };
  const engine = startEngine(
    {
      ...{ pairingToken: config.pairingToken, ownBrokers: config.brokers, speed: config.speed },
      ...{ autoPlugMs: config.autoPlugMs, autoUnplugMs: config.autoUnplugMs },
      vehicle: {
        batteryWh: config.batteryWh,
        levelPercentAtPlug: config.startLevelPercent,
        maxPowerW: config.vehicleMaxW,
      },
    },
    {
      ...{
        clock,
        log,
        audit,
        journal,
        kafka: kafkaSource(config, caPem, { clock, log }),
        startChannel: tracedChannel(startClientChannel, trace),
      },
      dialMonitor: dialMonitor({ config, caPem, clock, trace }),
      onIdentified: (cpId) =>
        void openAuditOf(cpId).catch((error: unknown) => log.error({ err: error, cpId }, 'the audit cannot be opened')),
    },
  );
  running.addPart('engine', engine);
  const api = await startEngineApi({ engine, port: config.apiPort, clock, log });
  running.addPart('api', api);
  return attachEngineConsole(api.api, { trace, log, onQuit: () => running.requestStop('key') });
}

function kafkaSource(config: EngineConfig, caPem: string, { clock, log }: { clock: Clock; log: Log }): KafkaSource {
  return {
    open(given) {
      const brokers = brokerList(given);
      const problems = kafkaLoginProblems({ ...config, brokers });
      for (const problem of problems) log.error({ problem }, 'no channel to Central');
      if (problems.length > 0) return undefined;
      return new KafkaConnection({ brokers, clientId: 'ev-engine', clock, log, ...kafkaSecurity(config, caPem) });
    },
    close: (connection) => connection.close(),
  };
}

/** Any point's Monitor of our authority may answer: the engine learns from the certificate whose it is (protocol 2.3). */
function dialMonitor(of: { config: EngineConfig; caPem: string; clock: Clock; trace: MessageTrace }): DialMonitor {
  return (onConnection) =>
    startFrameClient({
      addresses: of.config.monitorAddress.map(dialAddress),
      tls: { caPem: of.caPem, isSubjectAccepted: (subject) => subject.startsWith('cp:') },
      onConnection: tracedFrames(onConnection, 'Monitor', of.trace),
      unacknowledgedTypes: ENGINE_BEATS,
      backOff: { minMs: 200, maxMs: 2_000 },
      clock: of.clock,
    });
}

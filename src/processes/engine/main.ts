import { brokerList, kafkaLoginProblems } from '../../io/channels/kafka-login.ts';
import { systemClock } from '../../io/clock.ts';
import { configFromCommandLine } from '../../io/config.ts';
import { consoleLogLevel } from '../../io/console/terminal.ts';
import { runProcess } from '../../io/lifecycle.ts';
import { createLog } from '../../io/log.ts';
import { engineArguments, engineSettings } from './config.ts';
import { startEngineProcess } from './start.ts';

const USAGE = `Usage: ev engine, or EV_CP_E <broker ip:port> <Monitor ip:port>
The engine of a charging point: takes its orders from Central, meters, journals, reports.`;

/** `ev engine`, EV_CP_E (R1-19). */
export async function main(args: string[]): Promise<void> {
  const config = configFromCommandLine({
    usage: USAGE,
    schema: engineSettings,
    args: engineArguments(args),
    positionals: ['KAFKA_BROKERS', 'MONITOR_ADDRESS'],
    problemsOf: (given) => kafkaLoginProblems({ ...given, brokers: brokerList(given.brokers) }),
  });
  if (!config) return;
  const log = createLog('engine', { level: consoleLogLevel() });
  await runProcess({
    name: 'engine',
    log,
    start: (running) => startEngineProcess(config, { clock: systemClock, log, running }),
  });
}

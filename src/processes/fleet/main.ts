import { brokerList, kafkaLoginProblems } from '../../io/channels/kafka-login.ts';
import { systemClock } from '../../io/clock.ts';
import { configFromCommandLine } from '../../io/config.ts';
import { runProcess } from '../../io/lifecycle.ts';
import { createLog } from '../../io/log.ts';
import { fleetArguments, fleetSettings } from './config.ts';
import { startFleetProcess } from './start.ts';

/** `ev fleet --cps N`: many virtual charging points, for demonstrations and load. */
export async function main(args: string[]): Promise<void> {
  const config = configFromCommandLine({
    usage: 'Usage: ev fleet [--cps N]\nMany charging points (Monitor and engine, the same code) in one process.',
    schema: fleetSettings,
    args: fleetArguments(args),
    positionals: ['FLEET_CPS'],
    problemsOf: (given) => kafkaLoginProblems({ ...given, brokers: brokerList(given.brokers) }),
  });
  if (!config) return;
  const log = createLog('fleet');
  await runProcess({
    name: 'fleet',
    log,
    start: (running) => startFleetProcess(config, { clock: systemClock, log, running }),
    stopDeadlineMs: 20_000,
  });
}

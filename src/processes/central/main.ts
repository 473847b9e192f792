import { openAudit } from '../../io/audit/audit.ts';
import { kafkaLoginProblems } from '../../io/channels/kafka-login.ts';
import { systemClock } from '../../io/clock.ts';
import { configFromCommandLine } from '../../io/config.ts';
import { runProcess } from '../../io/lifecycle.ts';
import { createLog } from '../../io/log.ts';
import { centralSettings } from './config.ts';
import { startFromConfig } from './start-from-config.ts';

const USAGE = `Usage: ev central [SOCKET_PORT] [BROKER_HOST:PORT] [DATABASE_HOST:PORT]      (also: EV_Central, R1-18)
Central: decides who may charge where, keeps the truth, serves Monitors, API and live stream.`;

/** `ev central` and `EV_Central`. */
export async function main(args: string[]): Promise<void> {
  const config = configFromCommandLine({
    usage: USAGE,
    schema: centralSettings,
    args,
    positionals: ['CENTRAL_SOCKET_PORT', 'KAFKA_BROKERS', 'DATABASE_ADDRESS'],
    problemsOf: kafkaLoginProblems,
  });
  if (!config) return;
  const log = createLog('central');
  await runProcess({
    name: 'central',
    log,
    async start(running) {
      const audit = await openAudit({ component: 'central', folder: config.auditFolder, log });
      running.addPart('audit', audit);
      return startFromConfig(config, { clock: systemClock, log, audit, running });
    },
  });
}

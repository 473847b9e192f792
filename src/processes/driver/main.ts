import { openAudit } from '../../io/audit/audit.ts';
import { system } from '../../io/audit/audit-events.ts';
import { kafkaLoginProblems } from '../../io/channels/kafka-login.ts';
import { systemClock } from '../../io/clock.ts';
import { configFromCommandLine } from '../../io/config.ts';
import { consoleLogLevel } from '../../io/console/terminal.ts';
import { announceServer } from '../../io/http/announce-service.ts';
import { runProcess } from '../../io/lifecycle.ts';
import { createLog } from '../../io/log.ts';
import { driverSettings } from './config.ts';
import { attachDriverConsole } from './console.ts';
import { startDriver } from './driver.ts';

const USAGE = `Usage: ev driver [BROKER_HOST:PORT] [CLIENT_ID] [FILE]      (also: EV_Driver, R1-20)
A driver application: pages for drivers, Central by Kafka. With a FILE of charging point ids (and DRIVER_USER_ID,
DRIVER_PASSWORD or DRIVER_PASSWORD_FILE) it charges at each of them in turn and tells every step here.`;

/** `ev driver` and `EV_Driver`. */
export async function main(args: string[]): Promise<void> {
  const config = configFromCommandLine({
    usage: USAGE,
    schema: driverSettings,
    args,
    positionals: ['KAFKA_BROKERS', 'DRIVER_CLIENT_ID', 'BATCH_FILE'],
    problemsOf: kafkaLoginProblems,
  });
  if (!config) return;
  const log = createLog(`driver-${config.clientId}`, { level: consoleLogLevel() });
  await runProcess({
    name: `driver ${config.clientId}`,
    log,
    async start(running) {
      const audit = await openAudit({ component: `driver_${config.clientId}`, folder: config.auditDir, log });
      running.addPart('audit', audit);
      audit.record(system.started({ entity: `driver:${config.clientId}` }));
      const say = (line: string) => void process.stdout.write(`${line}\n`);
      const driver = await startDriver(config, { clock: systemClock, log, audit, say });
      running.addPart('driver', driver);
      const { servicesToken: token } = config;
      const announced = announceServer(
        config,
        { token, clock: systemClock, log },
        { kind: 'driver', port: driver.port },
      );
      running.addPart('directory', announced);
      return attachDriverConsole(driver.api, { log, onQuit: () => running.requestStop('key') });
    },
  });
}

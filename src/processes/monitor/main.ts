import { systemClock } from '../../io/clock.ts';
import { configFromCommandLine } from '../../io/config.ts';
import { consoleLogLevel } from '../../io/console/terminal.ts';
import { runProcess } from '../../io/lifecycle.ts';
import { createLog } from '../../io/log.ts';
import { monitorArguments, monitorSettings } from './config.ts';
import { startMonitorProcess } from './start.ts';

const USAGE = `Usage: ev monitor, or EV_CP_M <engine ip:port> <Central ip:port> <CP id>
The Monitor of a charging point: registers, authenticates with Central, asks its engine each second.`;

/** `ev monitor`, EV_CP_M (R1-21). */
export async function main(args: string[]): Promise<void> {
  const config = configFromCommandLine({
    usage: USAGE,
    schema: monitorSettings,
    args: monitorArguments(args),
    positionals: ['ENGINE_ADDRESS', 'MONITOR_PORT', 'CENTRAL_SOCKETS', 'CP_ID'],
  });
  if (!config) return;
  const log = createLog('monitor', { level: consoleLogLevel() }).child({ cpId: config.cpId });
  await runProcess({
    name: 'monitor',
    log,
    start: (running) => startMonitorProcess(config, { clock: systemClock, log, running }),
  });
}

import { systemClock } from '../../io/clock.ts';
import { configFromCommandLine } from '../../io/config.ts';
import { runProcess } from '../../io/lifecycle.ts';
import { createLog } from '../../io/log.ts';
import { centralWebSettings } from './config.ts';
import { startCentralWeb } from './server.ts';

/** `ev central-web`: Central's panel (S-CON-02). */
export async function main(args: string[]): Promise<void> {
  const config = configFromCommandLine({
    usage: "Usage: ev central-web\nCentral's panel for browsers.",
    schema: centralWebSettings,
    args,
  });
  if (!config) return;
  const log = createLog('central-web');
  await runProcess({ name: 'central-web', log, start: () => startCentralWeb(config, { clock: systemClock, log }) });
}

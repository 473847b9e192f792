import { systemClock } from '../../io/clock.ts';
import { configFromCommandLine } from '../../io/config.ts';
import { runProcess } from '../../io/lifecycle.ts';
import { createLog } from '../../io/log.ts';
import { engineWebSettings } from './config.ts';
import { startEngineWeb } from './server.ts';

/** `ev engine-web`: the pages of a charging point (S-CON-03). */
export async function main(args: string[]): Promise<void> {
  const config = configFromCommandLine({
    usage: 'Usage: ev engine-web\nThe pages of a charging point: / for its engine, /monitor for its Monitor.',
    schema: engineWebSettings,
    args,
  });
  if (!config) return;
  const log = createLog('engine-web');
  await runProcess({ name: 'engine-web', log, start: () => startEngineWeb(config, { clock: systemClock, log }) });
}

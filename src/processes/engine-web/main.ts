import { systemClock } from '../../io/clock.ts';
import { configFromCommandLine } from '../../io/config.ts';
import { announceServer } from '../../io/http/announce-service.ts';
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
  const clock = systemClock;
  await runProcess({
    name: 'engine-web',
    log,
    async start(running) {
      const web = await startEngineWeb(config, { clock, log });
      running.addPart('pages', web);
      const { servicesToken: token } = config;
      return announceServer(config, { token, clock, log }, { kind: 'point-web', port: web.port });
    },
  });
}

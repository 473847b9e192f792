import { systemClock } from '../../io/clock.ts';
import { configFromCommandLine } from '../../io/config.ts';
import { announceServer } from '../../io/http/announce-service.ts';
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
  const clock = systemClock;
  await runProcess({
    name: 'central-web',
    log,
    async start(running) {
      const web = await startCentralWeb(config, { clock, log });
      running.addPart('pages', web);
      const { token } = config;
      return announceServer(config, { token, clock, log }, { kind: 'central-web', port: web.port });
    },
  });
}

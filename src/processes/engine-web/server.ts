import type { Clock } from '../../io/clock.ts';
import { createHttpClient } from '../../io/http/client.ts';
import { forwardApi } from '../../io/http/forward.ts';
import { createPageServer } from '../../io/http/page-server.ts';
import { isSameOrigin } from '../../io/http/same-origin.ts';
import type { LiveSocket } from '../../io/live/live-feed.ts';
import { type LiveRelay, startLiveRelay } from '../../io/live/live-relay.ts';
import type { Log } from '../../io/log.ts';
import type { EngineWebConfig } from './config.ts';

type Half = 'engine' | 'monitor';

/** One half of the point: the page hears whether its process is there, and keeps its last state with its age (D-18). */
function startHalf(half: Half, parts: { config: EngineWebConfig; clock: Clock; log: Log }): LiveRelay {
  const { config, clock, log } = parts;
  const apiUrl = half === 'engine' ? config.engineApiUrl : config.monitorApiUrl;
  return startLiveRelay({
    feed: half,
    urls: [`${apiUrl.replace(/^http/, 'ws')}/live`],
    clock,
    log,
    ...(config.dataDir === '' ? {} : { keepFile: `${config.dataDir}/last-${half}.json` }),
    describe: ({ isUp, upstream }) => ({
      ...upstream,
      isCentralReachable: isUp && upstream?.isCentralReachable === true,
      ...(half === 'engine' ? { isEngineReachable: isUp } : { isMonitorReachable: isUp }),
    }),
  });
}

/** The pages of one charging point, `/` and `/monitor`: stays up when either of its two processes is gone (F-59). */
export async function startEngineWeb(
  config: EngineWebConfig,
  parts: { clock: Clock; log: Log; hasPages?: boolean },
): Promise<{ port: number; stop(): Promise<void> }> {
  const halves = {
    engine: startHalf('engine', { config, ...parts }),
    monitor: startHalf('monitor', { config, ...parts }),
  };
  const server = await createPageServer(config, { name: 'engine-web', log: parts.log, ratePerMinute: 1_200 });
  const { app } = server;
  for (const half of ['engine', 'monitor'] as const) {
    const baseUrl = half === 'engine' ? config.engineApiUrl : config.monitorApiUrl;
    forwardApi(app, {
      prefix: `/api/${half}`,
      target: '/api',
      client: createHttpClient({ baseUrl, timeoutMs: 20_000 }),
      unreachableCode: half === 'engine' ? 'ENGINE_UNREACHABLE' : 'MONITOR_UNREACHABLE',
    });
  }
  app.get('/live', { websocket: true, schema: { hide: true } }, (socket, request) => {
    if (!isSameOrigin(request.headers)) return socket.close(4403, 'FOREIGN_ORIGIN');
    halves.engine.feed.attach(socket as LiveSocket);
    halves.monitor.feed.attach(socket as LiveSocket);
  });
  const { port } = await server.open((parts.hasPages ?? true) ? 'point' : undefined);
  return {
    port,
    async stop() {
      for (const half of Object.values(halves)) half.stop();
      await app.close();
    },
  };
}

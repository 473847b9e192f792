import { openAudit } from '../../io/audit/audit.ts';
import { system } from '../../io/audit/audit-events.ts';
import { systemClock } from '../../io/clock.ts';
import { configFromCommandLine } from '../../io/config.ts';
import { createClientOfSeveral } from '../../io/http/several-servers.ts';
import { runProcess } from '../../io/lifecycle.ts';
import { createLog } from '../../io/log.ts';
import { findApiKey } from '../../io/open-weather-key.ts';
import { waitForFile } from '../../io/secret-file.ts';
import { isLoopback } from '../../io/sockets/ip-address.ts';
import { CityFile } from './city-file.ts';
import { weatherSettings } from './config.ts';
import { attachMenu } from './menu.ts';
import { createOpenWeather } from './open-weather.ts';
import { startWeatherServer } from './server.ts';
import { WeatherMonitor } from './weather.ts';

const USAGE = `Usage: ev weather [https://CENTRAL:8021 [FILE OF CITIES]]      (also: EV_W)
Watches the weather where the charging points stand and tells Central.`;
const CENTRAL_TIMEOUT_MS = 3_000;

/** `ev weather` and `EV_W`. */
export async function main(args: string[]): Promise<void> {
  const config = configFromCommandLine({
    usage: USAGE,
    schema: weatherSettings,
    args: args.map((one) => one.replace(/(?<=^|,)(?=[\w.-]+:\d+(?:,|$))/g, 'https://')),
    positionals: ['CENTRAL_API_URL', 'WEATHER_CITIES_FILE'],
  });
  if (!config) return;
  const log = createLog('weather');
  const clock = systemClock;
  await runProcess({
    name: 'weather',
    log,
    async start(running) {
      const audit = await openAudit({ component: 'weather', folder: config.auditDir, log });
      running.addPart('audit', audit);
      const caPem = await waitForFile(config.caFile, { clock, signal: running.stopping });
      if (caPem === undefined) return undefined;
      const { centralApiUrls, token, callsPerMinute, pollMs, openWeatherUrl } = config;
      const mayChange = isLoopback(config.host);
      const monitor = new WeatherMonitor({
        ...{ clock, log, audit },
        central: createClientOfSeveral(centralApiUrls, { caPem, token, timeoutMs: CENTRAL_TIMEOUT_MS }),
        openWeather: createOpenWeather({ url: openWeatherUrl }),
        ...(config.citiesFile !== '' && { cities: new CityFile(config.citiesFile, log) }),
        findKey: () => findApiKey({ fromEnvironment: config.apiKey, folder: config.keyFolder }),
        settings: {
          ...{ callsPerMinute, pollMs, mayChange, source: openWeatherUrl },
          url: `http${mayChange ? '' : 's'}://${config.host}:${config.port}`,
        },
      });
      running.addPart('monitor', monitor);
      running.addPart('server', await startWeatherServer(config, { log, monitor, mayChange }));
      running.addPart(
        'menu',
        attachMenu(monitor, () => running.requestStop('quit')),
      );
      audit.record(system.started({ entity: 'weather' }));
      monitor.start();
      return undefined;
    },
  });
}

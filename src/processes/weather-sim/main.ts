import { systemClock } from '../../io/clock.ts';
import { configFromCommandLine } from '../../io/config.ts';
import { runProcess } from '../../io/lifecycle.ts';
import { createLog } from '../../io/log.ts';
import { weatherSimSettings } from './config.ts';
import { startWeatherSim } from './server.ts';

const USAGE = `Usage: ev weather-sim
A stand-in for OpenWeather: temperatures and failures are set at its page while it runs.`;

/** `ev weather-sim`: the local default when there is no key of OpenWeather. */
export async function main(args: string[]): Promise<void> {
  const config = configFromCommandLine({ usage: USAGE, schema: weatherSimSettings, args });
  if (!config) return;
  const log = createLog('weather-sim');
  await runProcess({ name: 'weather-sim', log, start: () => startWeatherSim(config, { clock: systemClock, log }) });
}

import { createInterface } from 'node:readline';
import type { CentralAnswer } from './report-to-central.ts';
import type { WeatherMonitor } from './weather.ts';

const MENU = `
  list                       locations, temperatures, what is held
  watch NUMBER CITY,COUNTRY  ask for another city in a location's place, e.g. watch 2 Oslo,NO
  watch NUMBER own           ask for its own city again
  move CP001 CITY,COUNTRY    the point stands in another city from now on
  quit
`;

/** The console of EV_W (R2-50, R2-56): only when a person's terminal is attached, silent otherwise (F-66). */
export function attachMenu(monitor: WeatherMonitor, onQuit: () => void): { stop(): void } {
  const { stdin, stdout } = process;
  if (!stdin.isTTY) return { stop: () => undefined };
  const say = (text: string) => stdout.write(`${text}\n`);
  const lines = createInterface({ input: stdin });
  lines.on('line', (line) => {
    if (line.trim() === 'quit') return onQuit();
    runMenuLine(line, monitor).then(say, (error: Error) => say(error.message));
  });
  say(`EV_W: change a city while it runs.${MENU}`);
  return { stop: () => lines.close() };
}

/** Carries out one line of the menu; resolves with what to print. */
export async function runMenuLine(
  line: string,
  monitor: Pick<WeatherMonitor, 'view' | 'watch' | 'movePoint'>,
): Promise<string> {
  const [command = '', target = '', ...rest] = line.trim().split(/\s+/);
  const place = placeOf(rest.join(' '));
  switch (command) {
    case 'list':
      return listing(monitor);
    case 'watch':
      if (!/^\d{1,9}$/.test(target) || (place === undefined && rest.join(' ') !== 'own')) return MENU;
      return resultOf(await monitor.watch(Number(target), place ?? null));
    case 'move':
      if (place === undefined || !/^[A-Z][A-Z0-9]{1,19}$/.test(target)) return MENU;
      return resultOf(await monitor.movePoint(target, place));
    default:
      return MENU;
  }
}

function placeOf(text: string): { city: string; country: string } | undefined {
  const [, city, country] = /^([^,]{1,50}),\s*([A-Za-z]{2})$/.exec(text) ?? [];
  return city === undefined || country === undefined
    ? undefined
    : { city: city.trim(), country: country.toUpperCase() };
}

function resultOf(answer: CentralAnswer): string {
  return answer.isOk ? 'done' : `refused: ${answer.code}`;
}

function listing(monitor: Pick<WeatherMonitor, 'view'>): string {
  const { monitor: state, places } = monitor.view();
  const head = [
    `OpenWeather: ${state.failure ?? 'answers'}${state.isSimulated ? ' (simulated)' : ''}`,
    `Central: ${state.centralRefusal ?? (state.isCentralReachable ? 'answers' : 'does not answer')}`,
  ].join(', ');
  const rows = places.map(({ locationId, city, country, watched, temperatureCc, alert, failure, cpIds }) => {
    const elsewhere =
      watched.city === city && watched.country === country ? '' : ` (asks for ${watched.city},${watched.country})`;
    const temperature = temperatureCc === undefined ? '-' : `${(temperatureCc / 100).toFixed(1)} °C`;
    const note = [alert, failure].filter(Boolean).join(' ');
    return `  ${locationId}  ${city},${country}${elsewhere}  ${temperature}  ${note}  ${cpIds.slice(0, 10).join(' ')}`;
  });
  return [head, ...rows].join('\n');
}

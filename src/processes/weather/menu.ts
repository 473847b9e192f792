import { createInterface } from 'node:readline';
import { type ConsoleLanguage, consoleLanguage } from '../../io/console/language.ts';
import { CONSOLE_WORDS } from '../../io/console/words.ts';
import { placeFrom } from './city-file.ts';
import { MENU_WORDS } from './menu-words.ts';
import type { CentralAnswer } from './report-to-central.ts';
import type { WeatherMonitor } from './weather.ts';

/** The console of EV_W (R2-50, R2-56): only when a person's terminal is attached, silent otherwise (F-66). */
export function attachMenu(monitor: WeatherMonitor, onQuit: () => void): { stop(): void } {
  const { stdin, stdout } = process;
  if (!stdin.isTTY) return { stop: () => undefined };
  const language = consoleLanguage();
  const say = (text: string) => stdout.write(`${text}\n`);
  const lines = createInterface({ input: stdin });
  lines.on('line', (line) => {
    if (line.trim() === 'quit') return onQuit();
    runMenuLine(line, monitor, language).then(say, (error: Error) => say(error.message));
  });
  say(`${MENU_WORDS[language].welcome}${MENU_WORDS[language].menu}`);
  return { stop: () => lines.close() };
}

/** Carries out one line of the menu; resolves with what to print. */
export async function runMenuLine(
  line: string,
  monitor: Pick<WeatherMonitor, 'view' | 'watch' | 'movePoint'>,
  language: ConsoleLanguage,
): Promise<string> {
  const { menu } = MENU_WORDS[language];
  const [command = '', target = '', ...rest] = line.trim().split(/\s+/);
  const place = placeFrom(rest.join(' '));
  switch (command) {
    case 'list':
      return listing(monitor, language);
    case 'watch':
      if (!/^\d{1,9}$/.test(target) || (place === undefined && rest.join(' ') !== 'own')) return menu;
      return resultOf(await monitor.watch(Number(target), place ?? null), language);
    case 'move':
      if (place === undefined || !/^[A-Z][A-Z0-9]{1,19}$/.test(target)) return menu;
      return resultOf(await monitor.movePoint(target, place), language);
    default:
      return menu;
  }
}

function resultOf(answer: CentralAnswer, language: ConsoleLanguage): string {
  return answer.isOk ? MENU_WORDS[language].done : `${CONSOLE_WORDS[language].refused}: ${answer.code}`;
}

function listing(monitor: Pick<WeatherMonitor, 'view'>, language: ConsoleLanguage): string {
  const words = MENU_WORDS[language];
  const { monitor: state, places } = monitor.view();
  const head = [
    `OpenWeather: ${state.failure ?? words.answers}${state.isSimulated ? ` (${words.simulated})` : ''}`,
    `Central: ${state.centralRefusal ?? (state.isCentralReachable ? words.answers : words.silent)}`,
  ].join(', ');
  const rows = places.map(({ locationId, city, country, watched, temperatureCc, alert, failure, cpIds }) => {
    const isOwn = watched.city === city && watched.country === country;
    const elsewhere = isOwn ? '' : ` (${words.asksFor} ${watched.city},${watched.country})`;
    const temperature = temperatureCc === undefined ? '-' : `${(temperatureCc / 100).toFixed(1)} °C`;
    const note = [alert, failure].filter(Boolean).join(' ');
    return `  ${locationId}  ${city},${country}${elsewhere}  ${temperature}  ${note}  ${cpIds.slice(0, 10).join(' ')}`;
  });
  return [head, ...rows].join('\n');
}

import type { Log } from '../log.ts';
import type { ConsoleLanguage } from './language.ts';
import type { OwnAnswer, OwnApi } from './own-api.ts';
import type { Terminal } from './terminal.ts';
import { CONSOLE_WORDS } from './words.ts';

/** What an option works with. */
export type MenuHands = { api: OwnApi; terminal: Terminal; language: ConsoleLanguage };

/** One option of a console: its key, what it says, what it does; a returned line is told. */
export type MenuOption = {
  key: string;
  label: string;
  run(hands: MenuHands): Promise<string | undefined>;
};

/** `key label`, two a line. */
export function menuLines(options: readonly Pick<MenuOption, 'key' | 'label'>[]): string {
  const cells = options.map(({ key, label }) => `  ${key.toUpperCase()}  ${label}`);
  const width = Math.max(...cells.map((cell) => cell.length)) + 2;
  const lines: string[] = [];
  for (let at = 0; at < cells.length; at += 2)
    lines.push(`${cells[at]?.padEnd(width)}${cells[at + 1] ?? ''}`.trimEnd());
  return lines.join('\n');
}

/** What an answer comes to in a line: the success's words, or the API's own code and sentence. */
export function toldOf(answer: OwnAnswer, success: string, language: ConsoleLanguage): string {
  if (answer.status < 300) return success;
  const { code, detail } = (answer.body ?? {}) as { code?: unknown; detail?: unknown };
  return `${CONSOLE_WORDS[language].refused}: ${String(code ?? answer.status)}${typeof detail === 'string' ? ` (${detail})` : ''}`;
}

/** Sends one request of the own API and tells what came of it. */
export async function order(hands: MenuHands, path: string, told: { body?: object; success: string }): Promise<string> {
  return toldOf(await hands.api.send('POST', path, told.body), told.success, hands.language);
}

/** Shows the menu on Enter and runs one option at a time until it is stopped. */
export function runMenu(
  hands: MenuHands,
  menu: { title: string; options(): readonly MenuOption[]; log: Log },
): { show(): void } {
  const { terminal } = hands;
  let isBusy = false;
  const show = () => terminal.say(`\n${menu.title}\n${menuLines(menu.options())}`);
  terminal.onKey((key) => {
    if (isBusy) return;
    if (key === 'return' || key === 'enter') return show();
    const option = menu.options().find((one) => one.key === key);
    if (!option) return;
    isBusy = true;
    option
      .run(hands)
      .then((line) => {
        if (line !== undefined) terminal.say(line);
      })
      .catch((error: unknown) => {
        menu.log.error({ err: error, option: option.label }, 'an option of the console failed');
        terminal.say(
          `${CONSOLE_WORDS[hands.language].failed}: ${error instanceof Error ? error.message : String(error)}`,
        );
      })
      .finally(() => {
        isBusy = false;
      });
  });
  return { show };
}

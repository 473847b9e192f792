import type { Log } from '../log.ts';
import { type ConsoleLanguage, consoleLanguage } from './language.ts';
import { type MenuOption, runMenu } from './menu.ts';
import type { MessageTrace } from './message-trace.ts';
import type { OwnApi } from './own-api.ts';
import { openTerminal, type Terminal, type TerminalStreams } from './terminal.ts';
import { CONSOLE_WORDS } from './words.ts';

/** What a Monitor or an engine gives its console; tests bring streams and a language of their own. */
export type PointConsoleParts = {
  trace: MessageTrace;
  log: Log;
  onQuit(): void;
  streams?: TerminalStreams;
  language?: ConsoleLanguage;
};

/** The console of a Monitor or an engine, if a person's terminal is attached; silent otherwise (F-66). */
export function attachPointConsole(
  api: OwnApi,
  parts: PointConsoleParts,
  menu: { title: string; options(language: ConsoleLanguage): MenuOption[] },
): { stop(): void } {
  const { trace, log, onQuit, streams, language = consoleLanguage() } = parts;
  const terminal = openTerminal(onQuit, streams);
  if (!terminal) return { stop: () => undefined };
  const options = [...menu.options(language), ...commonOptions({ terminal, trace, language, onQuit })];
  runMenu({ api, terminal, language }, { title: menu.title, options: () => options, log }).show();
  return { stop: () => terminal.stop() };
}

/** What both have beside the options of their own API. */
function commonOptions(parts: {
  terminal: Terminal;
  trace: MessageTrace;
  language: ConsoleLanguage;
  onQuit(): void;
}): MenuOption[] {
  const { terminal, trace, language, onQuit } = parts;
  const words = CONSOLE_WORDS[language];
  return [
    {
      key: 'm',
      label: words.messages,
      run: async () => (trace.toggle((line) => terminal.say(line)) ? words.messagesOn : words.messagesOff),
    },
    { key: 'q', label: words.quit, run: async () => void onQuit() },
  ];
}

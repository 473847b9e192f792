/** What a console speaks. */
export type ConsoleLanguage = 'es' | 'en';

const SPANISH_READERS = ['es', 'ca', 'gl', 'eu'];

/** EV_LANG, else the terminal's own (LC_ALL, LC_MESSAGES, LANG), chosen as the pages choose: Spanish unless it is English. */
export function consoleLanguage(environment: NodeJS.ProcessEnv = process.env): ConsoleLanguage {
  const { EV_LANG, LC_ALL, LC_MESSAGES, LANG } = environment;
  for (const wanted of [EV_LANG, LC_ALL, LC_MESSAGES, LANG]) {
    const [base = ''] = (wanted ?? '').toLowerCase().split(/[-_.@]/);
    if (SPANISH_READERS.includes(base)) return 'es';
    if (base === 'en') return 'en';
  }
  return 'es';
}

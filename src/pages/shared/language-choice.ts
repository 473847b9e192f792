import type { Language } from './format.ts';

const SPANISH_READERS = ['es', 'ca', 'gl', 'eu'];

function isLanguage(text: string | null | undefined): text is Language {
  return text === 'es' || text === 'en';
}

/** `?lang`, else the saved choice, else the first preferred language that we speak or whose readers read Spanish, else Spanish. */
export function chooseLanguage(from: { search: string; saved: string | null; preferred: readonly string[] }): Language {
  const asked = new URLSearchParams(from.search).get('lang');
  if (isLanguage(asked)) return asked;
  if (isLanguage(from.saved)) return from.saved;
  for (const tag of from.preferred) {
    const base = tag.toLowerCase().split('-')[0]!;
    if (SPANISH_READERS.includes(base)) return 'es';
    if (base === 'en') return 'en';
  }
  return 'es';
}

import i18next from 'i18next';
import { initReactI18next, useTranslation } from 'react-i18next';
import { createFormats, type Formats, type Language } from './format.ts';
import { chooseLanguage } from './language-choice.ts';
import type { TextKey, TextTree, Translate } from './text-keys.ts';
import type { shared as sharedEs } from './texts/es.ts';

export type SharedKey = TextKey<typeof sharedEs>;
type Loader = Record<Language, () => Promise<TextTree>>;

const STORAGE_KEY = 'ev.language';
const SHARED: Loader = {
  es: () => import('./texts/es.ts').then((module) => module.shared),
  en: () => import('./texts/en.ts').then((module) => module.shared),
};
const loaded = new Set<Language>();
let appTexts: Loader = { es: async () => ({}), en: async () => ({}) };

async function load(language: Language): Promise<void> {
  if (loaded.has(language)) return;
  const [shared, own] = await Promise.all([SHARED[language](), appTexts[language]()]);
  i18next.addResourceBundle(language, 'translation', { ...shared, ...own });
  loaded.add(language);
}

/** Starts the page in the reader's language; the other language is loaded only when asked for. */
export async function startTexts(texts: Loader): Promise<void> {
  appTexts = texts;
  const language = chooseLanguage({
    search: location.search,
    saved: localStorage.getItem(STORAGE_KEY),
    preferred: navigator.languages,
  });
  await i18next.use(initReactI18next).init({
    lng: language,
    resources: {},
    interpolation: { escapeValue: false },
    react: { bindI18n: 'languageChanged', useSuspense: false },
  });
  await load(language);
  document.documentElement.lang = language;
}

export async function setLanguage(language: Language): Promise<void> {
  await load(language);
  localStorage.setItem(STORAGE_KEY, language);
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
}

/** The texts and formats of the page's language; apps narrow `Key` to their own and the shared ones. */
export function useTexts<Key extends string = SharedKey>(): { t: Translate<Key | SharedKey>; language: Language } {
  const { t, i18n } = useTranslation();
  return { t: t as unknown as Translate<Key | SharedKey>, language: i18n.language === 'en' ? 'en' : 'es' };
}

/** True if the page has words for a code that a server made up after this page was built. */
export function hasText(key: string): boolean {
  return i18next.exists(key);
}

const formats = new Map<Language, Formats>();

export function useFormats(): Formats {
  const { language } = useTexts();
  let found = formats.get(language);
  if (!found) {
    found = createFormats(language);
    formats.set(language, found);
  }
  return found;
}

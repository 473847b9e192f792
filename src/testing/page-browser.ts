import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium, type Locator, type Page } from 'playwright-core';
import { until } from './until.ts';

/** One person's browser window: no cookies or storage shared with any other. */
export type Viewer = {
  page: Page;
  /** The element of a `data-testid`. */
  at(testId: string): Locator;
  /** Waits until it is on the screen. */
  sees(testId: string, withinMs?: number): Promise<void>;
  /** Waits until it has gone. */
  losesSight(testId: string, withinMs?: number): Promise<void>;
  /** Waits until the element's text has these words. */
  reads(testId: string, words: string | RegExp, withinMs?: number): Promise<void>;
  /** Waits until the element's attribute has this value. */
  finds(testId: string, attribute: { name: string; value: string; withinMs?: number }): Promise<void>;
  press(testId: string): Promise<void>;
  type(testId: string, text: string): Promise<void>;
};

/** How a window is opened; 1280 x 800, light and Spanish if not said. */
export type ViewerChoice = {
  width?: number;
  height?: number;
  colorScheme?: 'light' | 'dark';
  locale?: 'es-ES' | 'en-GB';
};

/** A real browser for page tests, which keeps an eye on what no page may do. */
export type PageBrowser = {
  open(url: string, choice?: ViewerChoice): Promise<Viewer>;
  /** Requests to other origins (blocked), console errors and uncaught errors so far; must be empty. */
  misdeeds: string[];
  stop(): Promise<void>;
};

/** Generous: the whole test suite shares two cores. */
export const SEEN_WITHIN_MS = 30_000;

/** What browsers print of a call that came before the page heard that the service behind it had been stopped. */
const ASKED_TOO_LATE = /the server responded with a status of 50[234] /;

/** The misdeeds of pages behind which the test itself has stopped or killed a service. */
export function misdeedsBut50x({ misdeeds }: Pick<PageBrowser, 'misdeeds'>): string[] {
  return misdeeds.filter((misdeed) => !ASKED_TOO_LATE.test(misdeed));
}

const FLAGS = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  ...['--disable-component-update', '--disable-sync'],
];

/** Starts a browser with a fresh profile; stop it in `after`. */
export async function startPageBrowser(): Promise<PageBrowser> {
  const browser = await chromium.launch({ executablePath: findChromium(), args: FLAGS });
  const misdeeds: string[] = [];
  return {
    misdeeds,
    open: async (url, choice = {}) => viewerOf(await openGuarded(browser, { url, choice, misdeeds })),
    stop: () => browser.close(),
  };
}

function findChromium(): string {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  const folders = (process.env.PATH ?? '').split(delimiter);
  for (const name of ['chromium', 'chromium-browser', 'google-chrome'])
    for (const folder of folders) if (isExecutable(join(folder, name))) return join(folder, name);
  throw new Error('there is no Chromium: install it, or set CHROMIUM to its path');
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

type Guarded = { url: string; choice: ViewerChoice; misdeeds: string[] };

async function openGuarded(browser: Browser, { url, choice, misdeeds }: Guarded): Promise<Page> {
  const { width = 1280, height = 800, colorScheme = 'light', locale = 'es-ES' } = choice;
  const context = await browser.newContext({
    ...{ viewport: { width, height }, colorScheme, locale, timezoneId: 'Europe/Madrid' },
    permissions: [],
    // This browser does not know the network's authority; that every client of ours verifies it is tested elsewhere.
    ignoreHTTPSErrors: true,
  });
  const { host } = new URL(url);
  await context.route('**/*', async (route) => {
    const asked = new URL(route.request().url());
    if (asked.host === host || asked.protocol === 'data:' || asked.protocol === 'blob:') return route.continue();
    misdeeds.push(`${url} asked for ${asked.href}`);
    return route.abort();
  });
  const page = await context.newPage();
  page.on('websocket', (socket) => {
    if (new URL(socket.url()).host !== host) misdeeds.push(`${url} opened ${socket.url()}`);
  });
  page.on('pageerror', (error) => misdeeds.push(`${page.url()}: ${error.message}`));
  page.on('console', (message) => {
    // How a page learns that nobody is logged in; browsers print every 401.
    const isAnonymous = message.text().includes('401') && message.location().url.endsWith('/api/me');
    if (message.type() === 'error' && !isAnonymous) misdeeds.push(`${page.url()}: ${message.text()}`);
  });
  page.setDefaultTimeout(SEEN_WITHIN_MS);
  await page.goto(url);
  return page;
}

const SHOWN_CHARACTERS = 1_500;

/** What the page showed instead, in words: a failure seen once must say enough. */
async function pictureOf(page: Page): Promise<string> {
  const read = '[document.activeElement?.dataset.testid ?? document.activeElement?.tagName, document.body.innerText]';
  const [focus, text] = await page.evaluate<[string, string]>(read).catch(() => ['?', 'the page does not answer']);
  return `${page.url()} with the focus on ${focus} shows: ${text.replace(/\s*\n\s*/g, ' | ').slice(0, SHOWN_CHARACTERS)}`;
}

function viewerOf(page: Page): Viewer {
  const at = (testId: string): Locator => page.getByTestId(testId);
  const seen = async (testId: string, read: () => Promise<string | null>): Promise<string> =>
    (await at(testId).count()) === 0 ? 'nothing' : ((await read().catch(() => null)) ?? '');
  const waitsFor = (testId: string, state: 'visible' | 'hidden', timeout: number): Promise<void> =>
    at(testId)
      .first()
      .waitFor({ state, timeout })
      .catch(async (error: Error) => {
        throw new Error(`${error.message}\n${await pictureOf(page)}`);
      });
  return {
    page,
    at,
    sees: (testId, withinMs = SEEN_WITHIN_MS) => waitsFor(testId, 'visible', withinMs),
    losesSight: (testId, withinMs = SEEN_WITHIN_MS) => waitsFor(testId, 'hidden', withinMs),
    async reads(testId, words, withinMs = SEEN_WITHIN_MS) {
      let last = '';
      const has = async (): Promise<boolean> => {
        last = await seen(testId, async () => (await at(testId).allInnerTexts()).join('\n'));
        return typeof words === 'string' ? last.includes(words) : words.test(last);
      };
      await until(`${testId} reads ${words}`, has, withinMs).catch((error: Error) => {
        throw new Error(`${error.message} (it reads ${last})`);
      });
    },
    async finds(testId, { name, value, withinMs = SEEN_WITHIN_MS }) {
      let last = '';
      const has = async (): Promise<boolean> => {
        last = await seen(testId, () => at(testId).first().getAttribute(name, { timeout: 1_000 }));
        return last === value;
      };
      await until(`${testId} has ${name}=${value}`, has, withinMs).catch((error: Error) => {
        throw new Error(`${error.message} (it is ${last})`);
      });
    },
    press: (testId) => at(testId).first().click(),
    type: (testId, text) => at(testId).fill(text),
  };
}

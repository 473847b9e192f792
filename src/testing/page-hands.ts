import type { Network } from './network-processes.ts';
import { type PageBrowser, SEEN_WITHIN_MS, type Viewer, type ViewerChoice } from './page-browser.ts';
import { until } from './until.ts';

/** What people type and press at the three pages. */
export type PageHands = {
  driverUrl: string;
  panelUrl: string;
  pointUrl(cpId: string): string;
  /** Fills the registration form on a phone; leaves the person signed in. */
  register(driverId: string, choice?: ViewerChoice): Promise<Viewer>;
  signIn(viewer: Viewer, driverId: string): Promise<void>;
  /** Asks for a charge with the buttons of the list. */
  request(viewer: Viewer, cpId: string): Promise<void>;
  /** A panel window of the first administrator. */
  adminPanel(choice?: ViewerChoice): Promise<Viewer>;
  /** The Registry's page of the first administrator. */
  adminRegistry(choice?: ViewerChoice): Promise<Viewer>;
  /** Opens a point's dialog in the panel, presses one of its buttons and confirms if asked to. */
  orderAt(panel: Viewer, cpId: string, button: { testId: string; confirm: boolean }): Promise<void>;
};

export const PHONE: ViewerChoice = { width: 390, height: 844 };
const PASSWORD = 'correct horse battery';
const MONEY_AND_ENERGY = /([\d.,]+)/;

/** Hands for a running network. */
export async function pageHands(network: Network, browser: PageBrowser): Promise<PageHands> {
  const file = await network.local.read();
  const driverUrl = file.drivers[0]?.url ?? '';
  const signIn = async (viewer: Viewer, driverId: string): Promise<void> => {
    await viewer.type('login-id', driverId);
    await viewer.type('login-password', PASSWORD);
    await viewer.press('login-submit');
    await viewer.sees('tab-/');
  };
  const signInAsAdmin = async (viewer: Viewer): Promise<void> => {
    const [, operatorId = '', password = ''] =
      /user (\S+)\s+password (\S+)/.exec(await network.local.firstAdmin()) ?? [];
    await viewer.type('login-operator', operatorId);
    await viewer.type('login-password', password);
    await viewer.press('login-submit');
    await viewer.sees('operator');
  };
  return {
    ...{ driverUrl, panelUrl: file.panelUrl, signIn },
    pointUrl: (cpId) => file.points.find((one) => one.cpId === cpId)?.pageUrl ?? '',
    async register(driverId, choice = PHONE) {
      const viewer = await browser.open(driverUrl, choice);
      await viewer.press('switch-form');
      await viewer.type('register-id', driverId);
      await viewer.type('register-name', `Test ${driverId}`);
      await viewer.type('register-password', PASSWORD);
      await viewer.type('register-password-again', PASSWORD);
      await viewer.press('register-submit');
      await viewer.sees('tab-/');
      return viewer;
    },
    async request(viewer, cpId) {
      await viewer.press('tab-/');
      await viewer.press(`charge-${cpId}`);
      await viewer.press('request-supply');
    },
    async adminPanel(choice) {
      const panel = await browser.open(file.panelUrl, choice);
      await panel.press('open-login');
      await signInAsAdmin(panel);
      return panel;
    },
    async adminRegistry(choice) {
      const registry = await browser.open(file.registryUrl, choice);
      await signInAsAdmin(registry);
      return registry;
    },
    async orderAt(panel, cpId, { testId, confirm }) {
      await panel.press(`tile-${cpId}`);
      await panel.at('point-dialog').getByTestId(testId).click();
      if (confirm) await panel.press('confirm-ok');
      await panel.page.keyboard.press('Escape');
      await panel.losesSight('point-dialog');
    },
  };
}

/** Waits until the element shows more than `wh`; resolves with what it shows then, Wh. */
export async function untilWhAbove(viewer: Viewer, testId: string, wh: number): Promise<number> {
  let shown = 0;
  const hasGrown = async (): Promise<boolean> => {
    shown = (await shownWh(viewer, testId)) ?? 0;
    return shown > wh;
  };
  await until(`${testId} is above ${wh} Wh`, hasGrown, SEEN_WITHIN_MS);
  return shown;
}

/** Waits until the keyboard's focus is on the element: what has just opened or closed may still be about to move it. */
export async function untilFocused(viewer: Viewer, testId: string): Promise<void> {
  let now: unknown;
  const isThere = async (): Promise<boolean> => {
    now = await viewer.page.evaluate('document.activeElement?.dataset.testid ?? document.activeElement?.tagName');
    return now === testId;
  };
  await until(`the focus is on ${testId}`, isThere, SEEN_WITHIN_MS).catch((error: Error) => {
    throw new Error(`${error.message} (it is on ${now})`);
  });
}

/** A key on the element that has the focus, once that can be pressed: unlike a click, a key is lost on a button that is blocked. */
export async function pressKeyOn(viewer: Viewer, testId: string, key = 'Enter'): Promise<void> {
  await untilFocused(viewer, testId);
  await viewer.at(testId).and(viewer.page.locator(':not([aria-disabled="true"])')).first().waitFor();
  await viewer.page.keyboard.press(key);
}

/** The Wh that an element shows as kWh, in Spanish or English figures; undefined while it is not there. */
export async function shownWh(viewer: Viewer, testId: string, inside?: string): Promise<number | undefined> {
  const place = inside === undefined ? viewer.page : viewer.at(inside);
  const [text] = await place.getByTestId(testId).allInnerTexts();
  const figure = MONEY_AND_ENERGY.exec(text ?? '')?.[1];
  return figure === undefined ? undefined : Math.round(Number(figure.replace(',', '.')) * 1_000);
}

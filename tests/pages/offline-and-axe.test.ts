import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { faultsOf } from '../../src/testing/axe.ts';
import { type Network, startNetwork } from '../../src/testing/network-processes.ts';
import { type PageBrowser, SEEN_WITHIN_MS, startPageBrowser, type Viewer } from '../../src/testing/page-browser.ts';
import { type PageHands, PHONE, pageHands } from '../../src/testing/page-hands.ts';
import { until } from '../../src/testing/until.ts';

/** Each theme and each language once; all four together are seen in the pages' fixed states. */
const LOOKS = [
  { colorScheme: 'light', language: 'es', word: 'Estado de la Red' },
  { colorScheme: 'dark', language: 'en', word: 'Network status' },
] as const;
type Look = (typeof LOOKS)[number];

/** Four screens are looked at by axe while the point waits for the plug: a slow machine takes its time. */
const PLUG_TIMEOUT_MS = '600000';

let network: Network;
let browser: PageBrowser;
let hands: PageHands;

before(async () => {
  [network, browser] = await Promise.all([startNetwork({ points: 2, env: { PLUG_TIMEOUT_MS } }), startPageBrowser()]);
  for (const cpId of ['CP001', 'CP002']) await network.untilPoint(cpId, 'AVAILABLE');
  hands = await pageHands(network, browser);
});
after(async () => {
  await browser?.stop();
  await network?.stop();
});

/** Changes theme and language of a page as it stands; a dialog above the switch does not matter. */
async function wear(viewer: Viewer, { colorScheme, language }: Look): Promise<void> {
  await viewer.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  await viewer.page.evaluate(`document.querySelector('[data-testid="language-${language}"]').click()`);
  await viewer.page.locator(`html[lang="${language}"]`).waitFor({ state: 'attached' });
}

/** What is wrong with this screen in either look, by its name. */
async function violations(viewer: Viewer, screen: string): Promise<string[]> {
  const found: string[] = [];
  for (const look of LOOKS) {
    await wear(viewer, look);
    found.push(...(await faultsOf(viewer.page)).map((fault) => `${screen}, ${look.language}: ${fault}`));
  }
  await wear(viewer, LOOKS[0]);
  return found;
}

test('axe finds nothing on any screen of the three apps, light and Spanish or dark and English', async () => {
  const anonymous = await browser.open(hands.driverUrl, PHONE);
  await anonymous.sees('login-id');
  const found = await violations(anonymous, 'login');
  await anonymous.press('switch-form');
  await anonymous.sees('register-id');
  found.push(...(await violations(anonymous, 'register')));

  const driver = await hands.register('ANA');
  const point = await browser.open(hands.pointUrl('CP001'), { width: 1024, height: 600 });
  const panel = await hands.adminPanel({ height: 900 });
  await panel.sees('tile-CP001');
  for (const look of LOOKS) {
    await wear(panel, look);
    const reads = async () => ((await panel.page.locator('body').textContent()) ?? '').includes(look.word);
    await until(`the panel reads ${look.word}`, reads, SEEN_WITHIN_MS);
  }
  await driver.sees('charge-CP001');
  found.push(...(await violations(driver, 'points')));
  await point.sees('engine-start');
  found.push(...(await violations(point, 'idle point')));
  found.push(...(await violations(panel, 'panel')));

  await hands.request(driver, 'CP001');
  await driver.sees('plug-countdown');
  await point.sees('engine-plug');
  found.push(...(await violations(driver, 'plug in')), ...(await violations(point, 'point waits')));
  await point.press('engine-plug');
  await driver.sees('energy');
  await panel.sees('tile-energy');
  await panel.sees('ongoing-CP001');
  found.push(...(await violations(driver, 'charging')), ...(await violations(point, 'point charges')));
  found.push(...(await violations(panel, 'panel while charging')));
  await panel.press('stop-all');
  await panel.sees('confirm-tick');
  found.push(...(await violations(panel, 'confirmation')));
  await panel.press('confirm-cancel');
  await panel.press('tile-CP001');
  await panel.sees('point-dialog');
  found.push(...(await violations(panel, 'one point')));
  await panel.page.keyboard.press('Escape');
  await panel.press('add-point');
  await panel.sees('add-point-dialog');
  found.push(...(await violations(panel, 'new point')));

  await point.press('engine-unplug');
  await driver.sees('ticket-ok');
  await point.sees('ticket-number');
  found.push(...(await violations(driver, 'ticket')), ...(await violations(point, 'point with its ticket')));
  await driver.press('ticket-ok');
  await driver.press('tab-/historial');
  await driver.sees('balance');
  found.push(...(await violations(driver, 'history')));
  await driver.press('tab-/mas');
  await driver.sees('logout');
  found.push(...(await violations(driver, 'more')));
  await point.at('technical').locator('summary').click();
  found.push(...(await violations(point, 'technical part')));
  await point.press('nav-monitor');
  await point.sees('key-card');
  found.push(...(await violations(point, 'Monitor')));
  assert.deepEqual(found, []);
  for (const viewer of [anonymous, driver, point, panel]) await viewer.page.context().close();
});

test('ux 9.10 no page asks any other host for anything, and none logs an error', () => {
  assert.deepEqual(browser.misdeeds, []);
});

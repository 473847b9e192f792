import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import { type Network, startNetwork } from '../../src/testing/network-processes.ts';
import { type PageBrowser, startPageBrowser, type Viewer, type ViewerChoice } from '../../src/testing/page-browser.ts';
import { type PageHands, PHONE, pageHands } from '../../src/testing/page-hands.ts';

/** Each theme and each language once. */
const LOOKS = [
  { colorScheme: 'light', locale: 'es-ES', driverId: 'ANA', word: 'Estado de la Red' },
  { colorScheme: 'dark', locale: 'en-GB', driverId: 'BOB', word: 'Network status' },
] as const;
const UNTRANSLATED = /Mensaje sin traducir|Untranslated message/;

let network: Network;
let browser: PageBrowser;
let hands: PageHands;

before(async () => {
  [network, browser] = await Promise.all([startNetwork({ points: 2 }), startPageBrowser()]);
  for (const cpId of ['CP001', 'CP002']) await network.untilPoint(cpId, 'AVAILABLE');
  hands = await pageHands(network, browser);
});
after(async () => {
  await browser?.stop();
  await network?.stop();
});

/** Rule and element of everything that axe holds against this screen. */
async function violations(viewer: Viewer, screen: string): Promise<string[]> {
  const found = await new AxeBuilder({ page: viewer.page }).setLegacyMode().analyze();
  const broken = found.violations.flatMap(({ id, nodes }) => nodes.map((node) => `${screen}: ${id}: ${node.html}`));
  const text = (await viewer.page.locator('body').textContent()) ?? '';
  return UNTRANSLATED.test(text) ? [...broken, `${screen}: a code without words`] : broken;
}

for (const { driverId, word, ...look } of LOOKS) {
  test(`axe finds nothing on any screen of the three apps, ${look.colorScheme} and ${look.locale}`, async () => {
    const wide: ViewerChoice = { ...look, height: 900 };
    const phone: ViewerChoice = { ...PHONE, ...look };
    const anonymous = await browser.open(hands.driverUrl, phone);
    await anonymous.sees('login-id');
    const found = await violations(anonymous, 'login');
    await anonymous.press('switch-form');
    await anonymous.sees('register-id');
    found.push(...(await violations(anonymous, 'register')));

    const driver = await hands.register(driverId, phone);
    const point = await browser.open(hands.pointUrl('CP001'), { ...look, width: 1024, height: 600 });
    const panel = await hands.adminPanel(wide);
    await panel.sees('tile-CP001');
    assert.ok((await panel.page.locator('body').textContent())?.includes(word), word);
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
}

test('no page asks any other host for anything, and none logs an error', () => {
  assert.deepEqual(browser.misdeeds, []);
});

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Network, startNetwork } from '../../src/testing/network-processes.ts';
import { type PageBrowser, SEEN_WITHIN_MS, startPageBrowser, type Viewer } from '../../src/testing/page-browser.ts';
import { type PageHands, PHONE, pageHands, shownWh, untilWhAbove } from '../../src/testing/page-hands.ts';
import { until } from '../../src/testing/until.ts';

/** One second at 50 kW and the two decimals of what is shown, for two pages that are read one after the other. */
const ONE_READING_WH = 14 + 2 * 10;
const POINTS = ['CP001', 'CP002'];

let network: Network;
let browser: PageBrowser;
let hands: PageHands;
let driver: Viewer;
let point: Viewer;
let panel: Viewer;

before(async () => {
  [network, browser] = await Promise.all([startNetwork({ points: 2 }), startPageBrowser()]);
  for (const cpId of POINTS) await network.untilPoint(cpId, 'AVAILABLE');
  hands = await pageHands(network, browser);
});
after(async () => {
  await browser?.stop();
  await network?.stop();
});

const isState = (value: string) => ({ name: 'data-state', value });
const isView = (value: string) => ({ name: 'data-view', value });

/** Three figures from the three pages, Wh. */
async function threeFigures(cpId: string): Promise<number[]> {
  const figures = await Promise.all([
    shownWh(driver, 'energy'),
    shownWh(point, 'energy'),
    shownWh(panel, 'tile-energy', `tile-${cpId}`),
  ]);
  return figures.map((wh) => wh ?? -1_000_000);
}

test('a driver registers on a phone, leaves and logs in again', async () => {
  driver = await hands.register('ANA');
  await driver.finds('point-CP001', isState('AVAILABLE'));
  await driver.press('tab-/mas');
  await driver.reads('driver-id', 'ANA');
  await driver.press('logout');
  await hands.signIn(driver, 'ANA');
  await driver.press('tab-/');
  await driver.finds('point-CP002', isState('AVAILABLE'));
  const width = await driver.page.evaluate('document.documentElement.scrollWidth');
  assert.equal(width, PHONE.width, 'nothing is wider than the phone');
});

test('a request that Central has not answered yet is the same screen after a reload', async () => {
  panel = await browser.open(hands.panelUrl);
  point = await browser.open(hands.pointUrl('CP001'), { width: 1024, height: 600 });
  await panel.finds('tile-CP001', isState('AVAILABLE'));
  await point.finds('band', isState('AVAILABLE'));
  // Central lives, and waits for this before it can decide anything of the point.
  const letGo = await network.database.hold("SELECT 1 FROM charging_point_facts WHERE cp_id = 'CP001' FOR UPDATE");
  try {
    await hands.request(driver, 'CP001');
    await driver.finds('charge', isView('PENDING'));
    await driver.page.reload();
    await driver.finds('charge', isView('PENDING'));
  } finally {
    await letGo();
  }
  await driver.sees('plug-countdown');
});

test('the point waits for the plug on all three pages, a reload changes none of them', async () => {
  await point.finds('situation', { name: 'data-situation', value: 'PLUG' });
  await point.reads('engine-plug', 'Enchufar');
  await panel.finds('tile-CP001', isState('CHARGING'));
  await panel.reads('tile-phase', 'Esperando enchufe');
  await panel.reads('ongoing-CP001', 'ANA');
  await Promise.all([driver, point, panel].map((viewer) => viewer.page.reload()));
  await driver.finds('charge', isView('OPEN'));
  await driver.finds('step-PLUGGED', { name: 'data-status', value: 'NOW' });
  await driver.sees('plug-countdown');
  await point.finds('situation', { name: 'data-situation', value: 'PLUG' });
  await panel.reads('ongoing-CP001', 'ANA');
});

test('while it charges, energy grows on driver page, point page and panel, and all three say the same', async () => {
  await point.press('engine-plug');
  await driver.sees('energy');
  await panel.reads('tile-state', 'Suministrando');
  let before = [0, 0, 0];
  for (let round = 0; round < 3; round += 1) {
    let now = before;
    const haveAllGrown = async (): Promise<boolean> => {
      now = await threeFigures('CP001');
      return now.every((wh, page) => wh > (before[page] ?? 0));
    };
    await until('the figures grow on every page', haveAllGrown, SEEN_WITHIN_MS);
    before = now;
  }
  const agree = async (): Promise<boolean> => {
    const figures = await threeFigures('CP001');
    return Math.max(...figures) - Math.min(...figures) <= ONE_READING_WH;
  };
  await until('the three pages agree within one reading', agree, SEEN_WITHIN_MS);
  await panel.reads('message', 'recarga de ANA en curso');
});

test('reloading in mid-charge and a second browser show the same charge, and no figure falls', async () => {
  const second = await browser.open(hands.driverUrl, PHONE);
  // A figure comes to each page's server by a way of its own: none falls, but they need not be the same at one moment.
  const shown = await Promise.all([driver, point, driver].map((viewer) => untilWhAbove(viewer, 'energy', 0)));
  await hands.signIn(second, 'ANA');
  await Promise.all([driver, point].map((viewer) => viewer.page.reload()));
  for (const [place, viewer] of [driver, point, second].entries()) {
    await viewer.sees('energy');
    const wh = (await shownWh(viewer, 'energy')) ?? 0;
    assert.ok(wh >= (shown[place] ?? 0), `${wh} Wh after ${shown[place]} Wh`);
  }
  await second.page.context().close();
});

test('unplugging gives one ticket, the same everywhere, until it is acknowledged in any of the browsers', async () => {
  const second = await browser.open(hands.driverUrl, PHONE);
  await hands.signIn(second, 'ANA');
  await second.sees('energy');
  await point.press('engine-unplug');
  await driver.finds('charge', isView('TICKET'));
  await driver.page.reload();
  await driver.finds('charge', isView('TICKET'));
  await driver.reads('ticket-reason', 'desenchufado');
  const energyWh = await shownWh(driver, 'ticket-energy');
  assert.ok((energyWh ?? 0) > 0);
  await second.sees('ticket-ok');
  assert.equal(await shownWh(second, 'ticket-energy'), energyWh);
  await point.sees('ticket-number');
  assert.equal(await shownWh(point, 'ticket-energy'), energyWh);
  await panel.finds('tile-CP001', isState('AVAILABLE'));
  await panel.losesSight('ongoing-CP001');
  await panel.reads('message', /recarga de ANA terminada \(desenchufado\)/);
  await driver.press('ticket-ok');
  await driver.losesSight('ticket-ok');
  await second.losesSight('ticket-ok');
  await second.press('tab-/historial');
  await second.reads('history', 'desenchufado');
  await second.page.reload();
  await second.reads('history', 'desenchufado');
  await second.page.context().close();
});

test('an operator stops a charging point after being asked: ticket for its driver, orange tile, and green after resuming', async () => {
  await panel.page.context().close();
  panel = await hands.adminPanel();
  await hands.request(driver, 'CP001');
  await point.press('engine-plug');
  await untilWhAbove(driver, 'energy', 0);
  // The panel asks before it stops a charge that it knows of.
  await panel.reads('ongoing-CP001', 'ANA');
  await hands.orderAt(panel, 'CP001', { testId: 'stop', confirm: true });
  await panel.finds('result-CP001', { name: 'data-result', value: 'APPLIED' });
  await panel.finds('tile-CP001', isState('OUT_OF_SERVICE'));
  await panel.reads('tile-reasons', 'Parado por el operador');
  await driver.reads('ticket-reason', 'por la Central');
  await driver.press('ticket-ok');
  await point.reads('out-reasons', 'Parado por el operador');
  await hands.orderAt(panel, 'CP001', { testId: 'resume', confirm: false });
  await panel.finds('tile-CP001', isState('AVAILABLE'));
  await point.finds('band', isState('AVAILABLE'));
});

test('stopping all while somebody charges wants a tick first; resuming all brings them back', async () => {
  await hands.request(driver, 'CP001');
  await point.press('engine-plug');
  await panel.sees('tile-energy');
  await panel.press('stop-all');
  await panel.finds('confirm-ok', { name: 'aria-disabled', value: 'true' });
  await panel.at('confirm-tick').check();
  await panel.press('confirm-ok');
  for (const cpId of POINTS) await panel.finds(`tile-${cpId}`, isState('OUT_OF_SERVICE'));
  await driver.reads('ticket-reason', 'por la Central');
  await driver.press('ticket-ok');
  await panel.press('resume-all');
  await panel.press('confirm-ok');
  for (const cpId of POINTS) await panel.finds(`tile-${cpId}`, isState('AVAILABLE'));
});

test('an anonymous charge at the point is ended from the panel’s list, and the point stays in service', async () => {
  await point.press('engine-start');
  await point.press('engine-plug');
  await panel.reads('ongoing-CP001', 'Anónimo');
  await untilWhAbove(point, 'energy', 0);
  // The results of the order before are still there, with the same word for the same point.
  await panel.press('results-close');
  await panel.losesSight('order-results');
  await panel.press('end-CP001');
  await panel.press('confirm-ok');
  await panel.finds('result-CP001', { name: 'data-result', value: 'APPLIED' });
  await panel.losesSight('ongoing-CP001');
  // And so is the ticket before, of somebody with a name.
  await point.reads('last-ticket', /Anónimo[\s\S]*por la Central/);
  await point.sees('ticket-number');
  await panel.finds('tile-CP001', isState('AVAILABLE'));
});

test('a new point’s token is shown once, and only its typed id deletes it', async () => {
  await panel.press('add-point');
  await panel.type('new-cpId', 'MAD9');
  await panel.type('new-zone', 'MAD');
  await panel.type('new-address', 'C/ Alcalá 100');
  await panel.type('new-city', 'Madrid');
  await panel.press('add-point-submit');
  const token = await panel.at('enrolment-token').inputValue();
  assert.ok(token.length > 10);
  await panel.at('token-saved').check();
  await panel.press('token-close');
  await panel.reads('tile-MAD9', 'No registrado');
  await panel.page.reload();
  await panel.sees('tile-MAD9');
  const kept = await panel.page.evaluate(
    'document.documentElement.outerHTML + JSON.stringify({ ...localStorage, ...sessionStorage })',
  );
  assert.equal(String(kept).includes(token), false, 'nothing in the page knows the token any more');
  await panel.press('tile-MAD9');
  await panel.press('delete-point');
  await panel.type('confirm-typed', 'MAD');
  await panel.finds('confirm-ok', { name: 'aria-disabled', value: 'true' });
  await panel.type('confirm-typed', 'MAD9');
  await panel.press('confirm-ok');
  await panel.losesSight('tile-MAD9');
});

test('a revoked key takes the point out of service until its Monitor page authenticates again', async () => {
  await hands.orderAt(panel, 'CP001', { testId: 'revoke-key', confirm: true });
  await panel.finds('tile-CP001', isState('OUT_OF_SERVICE'));
  await panel.reads('tile-reasons', 'Clave revocada');
  await panel.reads('messages', 'CP001: clave revocada');
  await driver.press('tab-/');
  await driver.press('only-available');
  await driver.finds('point-CP001', isState('OUT_OF_SERVICE'));
  await point.press('nav-monitor');
  await point.reads('key-state', 'Revocada');
  await point.press('monitor-authenticate');
  await panel.finds('tile-CP001', isState('AVAILABLE'));
  await point.reads('key-state', 'Instalada');
  await driver.finds('point-CP001', isState('AVAILABLE'));
});

test('every code that arrived had words, no page asked another host for anything, and none logged an error', async () => {
  for (const viewer of [driver, point, panel]) {
    const text = await viewer.page.locator('body').textContent();
    assert.ok(!text?.includes('Mensaje sin traducir'), text ?? '');
  }
  assert.deepEqual(browser.misdeeds, []);
});

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import type { TicketView } from '../../src/messages/entities.ts';
import { type Network, startNetwork } from '../../src/testing/network-processes.ts';
import { type PageBrowser, SEEN_WITHIN_MS, startPageBrowser, type Viewer } from '../../src/testing/page-browser.ts';
import {
  type PageHands,
  PHONE,
  pageHands,
  pressKeyOn,
  shownWh,
  untilFocused,
  untilWhAbove,
} from '../../src/testing/page-hands.ts';
import { until, untilAsked } from '../../src/testing/until.ts';

const PASSWORD = 'correct horse battery';
const LONG_MS = 60_000;
const MM = 96 / 25.4;

let network: Network;
let browser: PageBrowser;
let hands: PageHands;
let driver: Viewer;

before(async () => {
  [network, browser] = await Promise.all([startNetwork({ points: 3 }), startPageBrowser()]);
  for (const cpId of ['CP001', 'CP002', 'CP003']) await network.untilPoint(cpId, 'AVAILABLE');
  hands = await pageHands(network, browser);
  driver = await hands.register('ANA');
});
after(async () => {
  await browser?.stop();
  await network?.stop();
});

const isView = (value: string) => ({ name: 'data-view', value });

/** Charges until some energy has flowed, then unplugs. */
async function chargeAt(cpId: string): Promise<void> {
  const point = network.point(cpId);
  await point.plugWhenAuthorised();
  await point.untilPhase('CHARGING');
  await untilAsked(`${cpId} delivers`, async () => ((await point.engine()).supply?.energyWh ?? 0) > 0, LONG_MS);
  await point.unplug();
}

test('ux 9.3: a reload in every step of a charge shows the same screen, with the times, the curve and the figures', async () => {
  const reloaded = async (view: string, step: string): Promise<void> => {
    await driver.finds('charge', isView(view));
    await driver.finds(`step-${step}`, { name: 'data-status', value: 'NOW' });
    await driver.page.reload();
    await driver.finds('charge', isView(view));
    await driver.finds(`step-${step}`, { name: 'data-status', value: 'NOW' });
  };
  await hands.request(driver, 'CP001');
  await driver.sees('plug-countdown');
  await reloaded('OPEN', 'PLUGGED');
  await driver.reads('step-REQUESTED', /\d\d:\d\d:\d\d/);
  await driver.reads('step-AUTHORISED', /\d\d:\d\d:\d\d/);
  await network.point('CP001').plugWhenAuthorised();
  await untilWhAbove(driver, 'energy', 0);
  const curve = async (name: string) => Number(await driver.at('curve').getAttribute(name));
  await until('the curve has a past', async () => (await curve('data-count')) >= 4, SEEN_WITHIN_MS);
  const fromSecond = await curve('data-from-second');
  const before = (await shownWh(driver, 'energy')) ?? 0;
  await reloaded('OPEN', 'CHARGING');
  await driver.sees('energy');
  const after = (await shownWh(driver, 'energy')) ?? 0;
  assert.ok(after >= before, `${after} Wh after ${before} Wh`);
  const hasPast = async () => (await curve('data-count')) >= 4 && (await curve('data-from-second')) <= fromSecond;
  await until('the curve of before the reload is there', hasPast, SEEN_WITHIN_MS);
  await driver.press('tab-/');
  await driver.reads('mini-bar', 'CP001');
  await driver.press('mini-bar');
  await driver.press('stop-supply');
  await driver.press('confirm-ok');
  await driver.finds('charge', isView('TICKET'));
  await driver.page.reload();
  await driver.finds('charge', isView('TICKET'));
  await driver.reads('ticket-reason', 'por el usuario');
  await driver.reads('step-CHARGING', /\d\d:\d\d:\d\d/);
});

test('ux 9.3: the ticket is still there after it was understood, under its own address, and the server’s files say the same', async () => {
  const total = (await driver.at('ticket-total').textContent()) ?? '';
  assert.match(total, /\d/);
  await driver.press('ticket-ok');
  await driver.sees('no-charge');
  await driver.press('tab-/historial');
  await driver.reads('month', total);
  await driver.at('history').getByRole('link', { name: /CP001/ }).first().click();
  await driver.reads('ticket-total', total);
  await driver.page.reload();
  await driver.reads('ticket-total', total);
  const figure = ((await driver.at('ticket-energy').textContent()) ?? '').replace(/[^\d,]/g, '');
  for (const kind of ['txt', 'html', 'json'] as const) {
    const [file] = await Promise.all([driver.page.waitForEvent('download'), driver.press(`ticket-${kind}`)]);
    const text = await readFile((await file.path()) ?? '', 'utf8');
    assert.match(file.suggestedFilename(), new RegExp(`^ticket-\\d+\\.${kind}$`));
    if (kind === 'json') assert.equal((JSON.parse(text) as TicketView).energyWh, Number(figure.replace(',', '')));
    else assert.ok(text.includes(`${figure} kWh`) && text.includes('por el usuario'), text);
  }
});

test('ux 9.12: print preview at 80 mm and on A4: the ticket alone, all fields, black on white even from the dark theme', async () => {
  await driver.page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  for (const [paper, widthMm] of [
    ['80mm', 80 - 8],
    ['A4', 210 - 8],
  ] as const) {
    await driver.page.setViewportSize({ width: Math.floor(widthMm * MM), height: 1_000 });
    const [words = ''] = await driver.page.locator('body').allInnerTexts();
    for (const field of ['EV Charging', 'Ticket nº', 'Definitivo', 'CP001', 'Conductor', 'ANA', 'Inicio', 'Fin'])
      assert.ok(words.includes(field), `${paper}: ${field} is missing in ${words}`);
    for (const field of ['Zona horaria', 'Duración', 'kWh', '€/kWh', 'Total', 'por el usuario'])
      assert.ok(words.includes(field), `${paper}: ${field} is missing in ${words}`);
    for (const hidden of ['Imprimir', 'Puntos', 'Panel Driver'])
      assert.ok(!words.includes(hidden), `${paper}: ${hidden} is printed`);
    const seen = (await driver.page.evaluate(`(() => {
      const all = [...document.querySelectorAll('article, article *')];
      return {
        colours: [...new Set(all.filter((one) => one.textContent && !one.closest('svg')).map((one) => getComputedStyle(one).color))],
        grounds: [...new Set([document.body, ...all].map((one) => getComputedStyle(one).backgroundColor))],
        isWide: document.documentElement.scrollWidth > document.documentElement.clientWidth,
      };
    })()`)) as { colours: string[]; grounds: string[]; isWide: boolean };
    assert.deepEqual(seen.colours, ['rgb(0, 0, 0)'], paper);
    assert.ok(
      seen.grounds.every((ground) => /rgba\(0, 0, 0, 0\)|rgb\(255, 255, 255\)/.test(ground)),
      `${seen.grounds}`,
    );
    assert.equal(seen.isWide, false, paper);
  }
  await driver.page.emulateMedia({ media: null, colorScheme: null });
  const pages = (pdf: Buffer) => pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length;
  assert.equal(pages(await driver.page.pdf({ width: '80mm', height: '200mm' })), 1);
  assert.equal(pages(await driver.page.pdf({ format: 'A4' })), 1);
  await driver.page.setViewportSize({ width: PHONE.width ?? 390, height: PHONE.height ?? 844 });
});

test('ux 9.3, R1-14: a batch goes on with the browser closed and after a kill -9 of the driver process; 4 s between charges', async () => {
  await driver.press('tab-/mas');
  await driver.press('door-batch');
  const file = {
    name: 'servicios.txt',
    mimeType: 'text/plain',
    buffer: Buffer.from('CP002\n\nesto no\nCP999\ncp003\n'),
  };
  await driver.at('batch-file').setInputFiles(file);
  await driver.finds('preview-1', { name: 'data-check', value: 'FREE' });
  await driver.finds('preview-3', { name: 'data-check', value: 'INVALID' });
  await driver.finds('preview-4', { name: 'data-check', value: 'UNKNOWN' });
  await driver.page.reload();
  await driver.reads('batch-start', 'Iniciar 3 recargas');
  await driver.press('batch-start');
  await driver.finds('batch-progress', { name: 'data-batch', value: 'RUNNING' });
  await driver.page.context().close();

  await network.point('CP002').plugWhenAuthorised();
  await network.killAndAwait('drv001');
  await network.point('CP002').untilPhase('CHARGING');
  await network.point('CP002').unplug();
  await chargeAt('CP003');

  driver = await browser.open(hands.driverUrl, PHONE);
  await hands.signIn(driver, 'ANA');
  await driver.press('tab-/mas');
  await driver.press('door-batch');
  await driver.finds('batch-progress', { name: 'data-over', value: 'true', withinMs: LONG_MS });
  const states = await driver.at('batch-line-state').evaluateAll((lines) => lines.map((one) => one.dataset.lineState));
  assert.deepEqual(states, ['DONE', 'INVALID', 'DENIED', 'DONE']);
  await driver.reads('batch-line-4', 'No existe ese punto');
  const ana = await network.logIn('ANA');
  const [third, second] = await ana.history();
  assert.deepEqual([second?.cpId, third?.cpId], ['CP002', 'CP003'], 'one ticket a line');
  assert.ok((third?.requestedAtMs ?? 0) - (second?.endedAtMs ?? 0) >= 4_000, 'R1-14');
});

/** Goes on with Tab until the element has the focus, as a hand without a mouse does. */
async function tabTo(viewer: Viewer, testId: string): Promise<void> {
  await viewer.sees(testId);
  for (let presses = 0; presses < 80; presses += 1) {
    await viewer.page.keyboard.press('Tab');
    if ((await viewer.page.evaluate('document.activeElement?.dataset.testid')) === testId) return;
  }
  throw new Error(`80 presses of Tab do not lead to ${testId}`);
}

test('ux 9.8: the whole Driver flow by keyboard: sign in, find, charge, stop, ticket, history, batch, sign out', async () => {
  await network.newDriver('BOB');
  const bob = await browser.open(hands.driverUrl, PHONE);
  const { keyboard } = bob.page;
  const press = async (testId: string, key = 'Enter'): Promise<void> => {
    await tabTo(bob, testId);
    await pressKeyOn(bob, testId, key);
  };
  await tabTo(bob, 'login-id');
  await keyboard.type('bob');
  await tabTo(bob, 'login-password');
  await keyboard.type(PASSWORD);
  await keyboard.press('Enter');
  await tabTo(bob, 'search');
  await keyboard.type('cp001');
  await press('view-map', 'Space');
  await press('pin-CP001');
  await press('view-list', 'Space');
  await press('charge-CP001');
  await press('request-supply');
  await bob.sees('plug-countdown');
  await network.point('CP001').plugWhenAuthorised();
  await bob.sees('energy');
  // Who does not see the steps hears them (ux 2.8).
  await bob.reads('announcer', 'Vehículo enchufado en CP001');
  await press('stop-supply');
  await untilFocused(bob, 'confirm-cancel');
  await press('confirm-ok');
  await press('ticket-ok');
  await press('tab-/historial');
  await tabTo(bob, 'history-search');
  await keyboard.type('cp001');
  await bob.sees('month');
  await press('tab-/mas');
  await press('door-batch');
  await tabTo(bob, 'batch-text');
  await keyboard.type('CP002');
  await press('batch-start');
  await bob.sees('batch-progress');
  await press('batch-pause');
  await press('batch-cancel');
  await bob.sees('confirm-dialog');
  await press('confirm-ok');
  await bob.finds('batch-progress', { name: 'data-batch', value: 'CANCELLED' });
  await press('tab-/mas');
  await press('logout');
  await bob.sees('login-id');
  await bob.page.context().close();
});

test('no page of this story asked another host for anything, and none logged an error', () => {
  assert.deepEqual(browser.misdeeds, []);
});

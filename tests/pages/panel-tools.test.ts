import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import type { PanelOrder } from '../../src/messages/live-stream.ts';
import { type FixtureServer, type PageCall, startFixtureServer } from '../../src/pages/testing/fixture-server.ts';
import { manyPoints } from '../../src/pages/testing/many-points.ts';
import { testUuid } from '../../src/pages/testing/scenes.ts';
import { type PageBrowser, SEEN_WITHIN_MS, startPageBrowser, type Viewer } from '../../src/testing/page-browser.ts';
import { pressKeyOn, untilFocused } from '../../src/testing/page-hands.ts';
import { until } from '../../src/testing/until.ts';

const POINTS = 300;
const CHARGING = 30;
const network = manyPoints(POINTS, CHARGING);
const [FIRST = '', SECOND = '', THIRD = ''] = network.cpIds;
const NOW_MS = Date.now();
const HOURS = Array.from({ length: 24 }, (_, hour) => hour);

let server: FixtureServer;
let browser: PageBrowser;
let panel: Viewer;

/** One more than the stream has: a driver that is away, and what the charts show. */
function answers({ method, path, body }: PageCall): unknown {
  if (path === '/api/me') return { operatorId: 'ana', role: 'operator', expiresAtMs: NOW_MS + 3_600_000 };
  if (path.startsWith('/api/drivers')) {
    const row = { driverId: 'FARAWAY', isErased: false, supplies: 3, energyWh: 9_000, amountCents: 225 };
    const isMeant = row.driverId.includes(new URLSearchParams(path.split('?')[1]).get('search') ?? '');
    return { drivers: isMeant ? [row] : [], total: 1 };
  }
  if (path.startsWith('/api/supplies/history')) return { supplies: [] };
  if (path.startsWith('/api/utilisation'))
    return {
      ...{ timeZone: 'Europe/Madrid', fromMs: NOW_MS - 2_419_200_000, computedAtMs: NOW_MS, pointCount: POINTS },
      chargingS: Array.from({ length: 168 }, (_, place) => place * 1_000),
      topPoints: [{ cpId: FIRST, chargingS: 1_209_600 }],
    };
  if (path.startsWith('/api/statistics'))
    return {
      ...{ range: '24h', unit: 'hour', timeZone: 'Europe/Madrid', fromMs: NOW_MS, computedAtMs: NOW_MS },
      startsMs: HOURS.map((hour) => NOW_MS - (23 - hour) * 3_600_000),
      zones: [{ zone: 'Z01', energyWh: HOURS.map((hour) => hour * 1_000), amountCents: HOURS, supplies: HOURS }],
      topPoints: [{ cpId: FIRST, supplies: 1, energyWh: 1_000, amountCents: 25 }],
    };
  if (path.startsWith('/api/load')) return { everyMs: 10_000, zones: [], samples: [] };
  if (method !== 'POST' || path !== '/api/orders') return undefined;
  const { orderId, kind, cpIds } = body as { orderId: string; kind: string; cpIds: string[] };
  const items = cpIds.map((cpId): PanelOrder => {
    const isLost = cpId === SECOND;
    const given = { orderId, cpId, kind, orderedBy: 'ana', orderedAtMs: NOW_MS, settledAtMs: NOW_MS + 20 };
    return { ...given, state: isLost ? 'TIMED_OUT' : 'APPLIED' };
  });
  return { orderId, items };
}

before(async () => {
  server = await startFixtureServer({ app: 'central', port: 0, snapshots: { panel: network.snapshot } });
  server.feeds.panel?.reset(network.snapshot, network.readings);
  server.answer(answers);
  browser = await startPageBrowser();
  panel = await browser.open(server.url, { width: 1600, height: 900 });
  await panel.sees('operator');
});
after(async () => {
  await browser?.stop();
  await server?.stop();
});

async function download(testId: string): Promise<{ name: string; bytes: Buffer }> {
  const [file] = await Promise.all([panel.page.waitForEvent('download'), panel.press(testId)]);
  return { name: file.suggestedFilename(), bytes: await readFile(await file.path()) };
}

test('ux 3.1 the header search finds points, cities, drivers and charges, and goes there by the keyboard alone', async () => {
  const search = panel.at('global-search');
  await search.fill('cp00007');
  await panel.sees('hit-CP00007');
  await search.press('Enter');
  await panel.reads('point-dialog', 'CP00007');
  await panel.page.keyboard.press('Escape');
  await panel.losesSight('point-dialog');
  await search.fill('sevil');
  await panel.sees('hit-Sevilla');
  await search.press('ArrowUp');
  assert.equal(await panel.at('hit-Sevilla').getAttribute('aria-selected'), 'true');
  await search.press('Enter');
  await panel.reads('shown-count', `${POINTS / 5} de ${POINTS}`);
  await panel.press('nav-/');
  await search.fill('faraway');
  await panel.sees('hit-FARAWAY');
  await search.press('Escape');
  await panel.losesSight('search-results');
  await search.fill('rawa');
  await panel.reads('search-results', 'FARAWAY');
  await search.fill('%%');
  await panel.reads('search-results', 'Nada coincide con «%%».');
  await search.fill('');
});

test('ux 3.1 rows are ticked, one by one and as a range; an order for them is asked about once and answered point by point', async () => {
  await panel.press('view-table');
  await panel.at(`select-${FIRST}`).check();
  await panel.at(`select-${THIRD}`).click({ modifiers: ['Shift'] });
  await panel.reads('selection-count', '3 seleccionados');
  assert.equal(await panel.at(`select-${SECOND}`).isChecked(), true);
  await panel.type('search', FIRST);
  await panel.reads('selection-count', '3 seleccionados · 2 fuera del filtro');
  await panel.type('search', '');
  await panel.press('stop-selected');
  await panel.reads('confirm-dialog', '3 puntos');
  await panel.press('confirm-ok');
  for (const [cpId, result] of [
    [FIRST, 'APPLIED'],
    [SECOND, 'TIMED_OUT'],
    [THIRD, 'APPLIED'],
  ] as const)
    await panel.finds(`result-${cpId}`, { name: 'data-result', value: result });
  const orders = server.calls.filter(({ path }) => path === '/api/orders');
  assert.deepEqual(
    orders.map(({ body }) => (body as { kind: string; cpIds: string[] }).cpIds),
    [[FIRST, SECOND, THIRD]],
  );
  await panel.press('results-close');
  await panel.press('select-all');
  await panel.reads('selection-count', `${POINTS} seleccionados`);
  await panel.press('clear-selection');
  await panel.losesSight('selection-bar');
});

test('ux 2.7 chosen columns are there after a reload, and can be left to the page again', async () => {
  const column = (name: string) => panel.page.locator(`th[data-column="${name}"]`);
  assert.equal(await column('temperature').count(), 0);
  await panel.press('columns');
  await panel.at('column-temperature').check();
  await panel.at('column-address').uncheck();
  await panel.page.keyboard.press('Escape');
  assert.deepEqual([await column('temperature').count(), await column('address').count()], [1, 0]);
  await panel.page.reload();
  await panel.sees(`tile-${FIRST}`);
  assert.deepEqual([await column('temperature').count(), await column('address').count()], [1, 0]);
  await panel.press('columns');
  await panel.press('columns-auto');
  await panel.page.keyboard.press('Escape');
  await until('the usual columns are back', async () => (await column('temperature').count()) === 0, SEEN_WITHIN_MS);
});

const headWidth = async (name: string): Promise<number> =>
  (await panel.page.locator(`th[data-column="${name}"]`).boundingBox())?.width ?? 0;

/** Draws the edge of a column sideways with the mouse, and holds it. */
async function drawEdge(name: string, byPx: number): Promise<void> {
  const { x, y, width, height } = (await panel.at(`edge-${name}`).boundingBox())!;
  const [fromX, fromY] = [x + width / 2, y + height / 2];
  await panel.page.mouse.move(fromX, fromY);
  await panel.page.mouse.down();
  await panel.page.mouse.move(fromX + byPx, fromY, { steps: 8 });
}

/** Waits until a column's header is so wide: the page may draw what a hand has done a frame later. */
async function untilWide(name: string, wantedPx: number, why: string): Promise<void> {
  let actualPx = 0;
  const isNear = async (): Promise<boolean> => {
    actualPx = await headWidth(name);
    return Math.abs(actualPx - wantedPx) <= 1.5;
  };
  await until(`${why}: ${wantedPx} px`, isNear, SEEN_WITHIN_MS).catch((error: Error) => {
    throw new Error(`${error.message} (it is ${actualPx})`);
  });
}

test('ux 3.1 a column is as wide as its edge is drawn, the cells with it and without a row drawn anew; it is so after a reload', async () => {
  await panel.press('columns');
  for (const name of ['city', 'zone']) await panel.at(`column-${name}`).check();
  await panel.page.keyboard.press('Escape');
  // Only rows in which nothing moves by itself: the age of a charge's last reading is drawn anew each second.
  await panel.press('filter-AVAILABLE');
  await panel.finds('filter-AVAILABLE', { name: 'aria-pressed', value: 'true' });
  await panel.reads('shown-count', `${POINTS - CHARGING} de ${POINTS}`);
  const before = await headWidth('city');
  await panel.page.evaluate(`(() => {
    globalThis.rowChanges = 0;
    const observer = new MutationObserver((changes) => { globalThis.rowChanges += changes.length; });
    observer.observe(document.querySelector('[data-testid=tiles] tbody'), { subtree: true, childList: true, attributes: true, characterData: true });
  })()`);
  await drawEdge('city', 60);
  await untilWide('city', before + 60, 'while it is drawn');
  const cell = await panel.page.locator('tbody [data-column="city"]').first().boundingBox();
  assert.ok(Math.abs((cell?.width ?? 0) - before - 60) <= 1.5, `its cells: ${cell?.width} px`);
  assert.equal(await panel.page.evaluate('globalThis.rowChanges'), 0);
  await panel.page.mouse.up();
  await untilWide('city', before + 60, 'once it is let go');
  await panel.page.reload();
  await panel.sees(`tile-${FIRST}`);
  await untilWide('city', before + 60, 'after a reload');
  await drawEdge('city', -400);
  await untilWide('city', 48, 'its edge stays in reach');
  await panel.page.keyboard.press('Escape');
  await panel.page.mouse.up();
  await untilWide('city', before + 60, 'Escape takes it back');
  await panel.at('edge-city').dblclick();
  await untilWide('city', before, 'a double click gives the usual width back');
  await panel.press('columns');
  await panel.press('columns-usual-widths');
  await panel.page.keyboard.press('Escape');
  await untilWide('city', before, 'with usual widths all around');
  await panel.press('filter-AVAILABLE');
  await panel.reads('shown-count', `${POINTS} de ${POINTS}`);
});

test('ux 2.8 by the keyboard: the edges are one stop of Tab, arrows widen and go on, Home gives the usual width back', async () => {
  const edge = panel.at('edge-zone');
  assert.equal(await panel.page.locator('[data-edge][tabindex="0"]').count(), 1);
  await panel.page.locator('[data-edge][tabindex="0"]').focus();
  const focused = () => panel.page.evaluate('document.activeElement?.dataset.edge');
  for (const [key, to] of [
    ['ArrowUp', 'id'],
    ['ArrowDown', 'zone'],
  ] as const) {
    for (let step = 0; step < 30 && (await focused()) !== to; step += 1) await panel.page.keyboard.press(key);
    assert.equal(await focused(), to);
  }
  assert.equal(await edge.getAttribute('aria-label'), 'Ancho de «Zona»');
  const before = await headWidth('zone');
  await panel.page.keyboard.press('ArrowRight');
  await panel.page.keyboard.press('Shift+ArrowRight');
  await untilWide('zone', before + 8 + 40, 'wider');
  assert.equal(await edge.getAttribute('aria-valuenow'), String(before + 48));
  await panel.page.keyboard.press('ArrowLeft');
  await untilWide('zone', before + 40, 'narrower');
  await panel.page.keyboard.press('Home');
  await until('the usual width', async () => (await headWidth('zone')) === before, SEEN_WITHIN_MS);
  assert.equal(await focused(), 'zone', 'the focus stays');
  await panel.page.evaluate(`localStorage.setItem('ev.columnWidths', '{"zone":"wide","city":9000,"hat":4}')`);
  await panel.page.reload();
  await panel.sees(`tile-${FIRST}`);
  assert.equal(await headWidth('zone'), before, 'what is no width is left aside');
  await panel.press('language-en');
  await panel.finds('edge-zone', { name: 'aria-label', value: 'Width of “Zone”' });
  await panel.press('language-es');
  await panel.press('columns');
  await panel.press('columns-auto');
  await panel.page.keyboard.press('Escape');
});

test('ux 3.1 the CSV has a line for each point that the filter shows', async () => {
  await panel.type('search', 'bilbao');
  await panel.reads('shown-count', `${POINTS / 5} de ${POINTS}`);
  const { name, bytes } = await download('export-points');
  const lines = bytes.toString('utf8').trim().split('\r\n');
  assert.equal(name, 'charging-points.csv');
  assert.equal(lines.length, POINTS / 5 + 1);
  assert.ok(lines.slice(1).every((line) => line.includes(',Bilbao,')));
  await panel.type('search', '');
});

test('ux 3.1 the menu of a tile orders without opening it, by the keyboard too, and gives the focus back', async () => {
  await panel.press('view-wall');
  await panel.finds('view-wall', { name: 'aria-pressed', value: 'true' });
  await panel.reads('shown-count', `${POINTS} de ${POINTS}`);
  await panel.at(`tile-${FIRST}`).focus();
  await panel.page.keyboard.press('Tab');
  await panel.finds(`menu-${FIRST}`, { name: 'aria-expanded', value: 'false' });
  await panel.page.keyboard.press('Enter');
  await panel.sees('menu-item-stop');
  await untilFocused(panel, 'menu-item-view');
  await panel.page.keyboard.press('ArrowDown');
  await untilFocused(panel, 'menu-item-stop');
  await panel.page.keyboard.press('Escape');
  await untilFocused(panel, `menu-${FIRST}`);
  await panel.page.keyboard.press('Enter');
  await untilFocused(panel, 'menu-item-view');
  await panel.page.keyboard.press('ArrowDown');
  await pressKeyOn(panel, 'menu-item-stop');
  await panel.finds(`result-${FIRST}`, { name: 'data-result', value: 'APPLIED' });
  assert.equal(await panel.at('point-dialog').count(), 0);
  // A small order that went well leaves by itself; closing it here would be a race with that.
  await panel.losesSight('order-results');
});

test('ux 5 every chart is there as its figures and as a picture; the heat map says each hour of the week', async () => {
  await panel.press('nav-/graficos');
  await panel.sees('chart-heat');
  const cell = panel.page.locator('[data-cell="6-23"]');
  assert.equal(await cell.getAttribute('data-step'), '5');
  assert.match((await cell.getAttribute('aria-label')) ?? '', /^dom 23:00: 11,6 puntos/);
  await panel.page.locator('[data-cell="0-12"]').focus();
  await panel.page.keyboard.press('End');
  const cellWithFocus = () => panel.page.evaluate('document.activeElement?.dataset.cell');
  await until('End leads to the last hour', async () => (await cellWithFocus()) === '0-23', SEEN_WITHIN_MS);
  const figures = (await download('chart-heat-csv')).bytes.toString('utf8').trim().split('\r\n');
  assert.equal(figures.length, 169);
  assert.equal(figures[1], '1,0,0,0.000');
  for (const chart of ['chart-energyWh', 'chart-heat', 'chart-occupancy']) {
    const { name, bytes } = await download(`${chart}-png`);
    assert.equal(name, `${chart}.png`);
    assert.equal(bytes.subarray(1, 4).toString(), 'PNG');
    const colours = await panel.page.evaluate(countColours(bytes.toString('base64')));
    assert.ok((colours as number) > 10, `${chart} is a picture of ${colours} colours`);
  }
  assert.deepEqual(browser.misdeeds, []);
});

/** A blank picture has one colour. */
const countColours = (base64: string) => `(async () => {
  const image = new Image();
  image.src = 'data:image/png;base64,${base64}';
  await image.decode();
  const canvas = new OffscreenCanvas(image.width, image.height);
  const context = canvas.getContext('2d');
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, image.width, image.height);
  return new Set(new Uint32Array(data.buffer)).size;
})()`;

test('ux 3.1 the curve of a charge begins before the page was opened', async () => {
  const [charging] = Object.values(network.snapshot.supplies ?? {}) as { cpId: string; supplyId: string }[];
  const samples = Array.from({ length: 60 }, (_, place) => [NOW_MS - (70 - place) * 10_000, 20_000, place]);
  server.answer((call) =>
    call.path === `/api/supplies/${charging?.supplyId}/curve`
      ? { supplyId: charging?.supplyId ?? testUuid(1), samples }
      : answers(call),
  );
  await panel.page.goto(`${server.url}/?cp=${charging?.cpId}`);
  await panel.sees('curve');
  assert.ok(Number(await panel.at('curve').getAttribute('data-count')) >= samples.length);
  assert.equal(server.calls.filter(({ path }) => path.endsWith('/curve')).length, 1, 'asked once');
});

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { PanelPoint } from '../../src/messages/live-stream.ts';
import { type FixtureServer, startFixtureServer } from '../../src/pages/testing/fixture-server.ts';
import { manyPoints } from '../../src/pages/testing/many-points.ts';
import { type PageBrowser, SEEN_WITHIN_MS, startPageBrowser, type Viewer } from '../../src/testing/page-browser.ts';
import { until } from '../../src/testing/until.ts';

const MAX_DRAWN = 150;
/** ux 9: current within 2 s of waking; one more for two busy cores. */
const CURRENT_WITHIN_MS = 3_000;
const network = manyPoints(5_000, 500);
const SLEPT = network.cpIds[0]!;

let server: FixtureServer;
let browser: PageBrowser;
let panel: Viewer;

before(async () => {
  server = await startFixtureServer({ app: 'central', port: 0, snapshots: { panel: network.snapshot } });
  server.feeds.panel?.reset(network.snapshot, network.readings);
  browser = await startPageBrowser();
  panel = await browser.open(server.url, { width: 1920, height: 1080 });
  await panel.sees(`tile-${SLEPT}`);
});
after(async () => {
  await browser?.stop();
  await server?.stop();
});

const drawn = () => panel.page.locator('[data-cp]').count();
/** How many of them stand in the window: right after scrolling those of before are still drawn, out of sight. */
const inSight = (): Promise<number> =>
  panel.page.evaluate(`[...document.querySelectorAll('[data-cp]')].filter((one) => {
    const { top, bottom } = one.getBoundingClientRect();
    return bottom > 0 && top < innerHeight;
  }).length`);
const scrollTo = (share: number) =>
  panel.page.evaluate(`scrollTo(0, (document.documentElement.scrollHeight - innerHeight) * ${share})`);

async function look(view: string): Promise<void> {
  await panel.page.evaluate('scrollTo(0, 0)');
  await panel.press(`view-${view}`);
  await panel.finds(`view-${view}`, { name: 'aria-pressed', value: 'true' });
  await panel.sees(`tile-${SLEPT}`);
}

for (const view of ['wall', 'cards', 'table'])
  test(`ux 9.4 of 5,000 points as ${view} fewer than ${MAX_DRAWN} are in the page, wherever one scrolls`, async () => {
    await look(view);
    for (const share of [0, 0.33, 0.66, 1]) {
      await scrollTo(share);
      await until(`points are drawn at ${share}`, async () => (await inSight()) > 10, SEEN_WITHIN_MS);
      const count = await drawn();
      assert.ok(count < MAX_DRAWN, `${view} at ${share}: ${count}`);
    }
    await panel.sees(`tile-${network.cpIds.at(-1)}`);
    assert.equal(await panel.at('tiles').getAttribute('role'), 'grid');
  });

test('ux 9.4 search and counts find one of 5,000 and all of a state; the address keeps it', async () => {
  await look('wall');
  await panel.type('search', 'cp04321');
  await panel.sees('tile-CP04321');
  await panel.reads('shown-count', '1 de 5000');
  await panel.type('search', '');
  await panel.press('filter-CHARGING');
  await panel.reads('shown-count', '500 de 5000');
  await panel.reads('filter-CHARGING', '500');
  await panel.page.waitForURL(/state=CHARGING/);
  await panel.page.reload();
  await panel.reads('shown-count', '500 de 5000');
  await panel.press('filter-CHARGING');
  await panel.reads('shown-count', '5000 de 5000');
});

test('ux 2.8 the list is one stop of Tab, and End, Home and arrows go through all 5,000', async () => {
  await panel.at(`tile-${SLEPT}`).focus();
  const focused = () => panel.page.evaluate('document.activeElement?.dataset.cp');
  await panel.page.keyboard.press('End');
  await until('the last has the focus', async () => (await focused()) === network.cpIds.at(-1), SEEN_WITHIN_MS);
  await panel.page.keyboard.press('Home');
  await until('the first has the focus', async () => (await focused()) === SLEPT, SEEN_WITHIN_MS);
  await panel.page.keyboard.press('ArrowRight');
  await until('the second has the focus', async () => (await focused()) === network.cpIds[1], SEEN_WITHIN_MS);
  assert.equal(await panel.page.locator('[data-cp][tabindex="0"]').count(), 1);
});

test('ux 9.4 a tab that slept shows the state of now within moments of waking, without a reload', async (t) => {
  await panel.page.evaluate('globalThis.isStillTheSamePage = true');
  const devTools = await panel.page.context().newCDPSession(panel.page);
  await devTools.send('Page.setWebLifecycleState', { state: 'frozen' });
  const before = network.snapshot.points?.[SLEPT] as PanelPoint;
  for (let round = 1; round <= 20; round += 1) {
    for (const [index] of network.readings) server.feeds.panel?.setReading([index, 20_000, 312 + round, 9]);
    server.feeds.panel?.flush();
  }
  server.feeds.panel?.set('points', SLEPT, { ...before, state: 'FAULTED', faultCode: 'ENGINE_SILENT', version: 2 });
  server.feeds.panel?.flush();
  const wokenMs = performance.now();
  await devTools.send('Page.setWebLifecycleState', { state: 'active' });
  await panel.finds(`tile-${SLEPT}`, { name: 'data-state', value: 'FAULTED', withinMs: CURRENT_WITHIN_MS });
  t.diagnostic(`current ${Math.round(performance.now() - wokenMs)} ms after waking`);
  await panel.sees(`attention-${SLEPT}`);
  assert.equal(await panel.page.evaluate('globalThis.isStillTheSamePage'), true);
});

test('ux 5 the map draws 5,000 points as fewer pins, and a cluster opens closer', async () => {
  await panel.press('view-map');
  await panel.sees('cluster');
  const pins = () => panel.page.locator('[data-testid^="pin-"], [data-testid="cluster"]').count();
  const before = await pins();
  assert.ok(before > 3 && before < MAX_DRAWN, `${before} pins`);
  const listed = () => panel.page.locator('[data-testid^="map-list-"]').allInnerTexts();
  const far = (await listed()).join();
  // Closer, the pressed cluster has come apart: others are in view.
  await panel.press('cluster');
  await until('others are in view', async () => (await listed()).join() !== far, SEEN_WITHIN_MS);
  await panel.sees('cluster');
  assert.ok((await pins()) < MAX_DRAWN, `${await pins()} pins`);
  await panel.press('zoom-all');
  await until('all are in view again', async () => (await listed()).join() === far, SEEN_WITHIN_MS);
  assert.deepEqual(browser.misdeeds, []);
});

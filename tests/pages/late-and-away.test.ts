import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type FixtureServer, startFixtureServer } from '../../src/pages/testing/fixture-server.ts';
import { panelPoint } from '../../src/pages/testing/scenes.ts';
import { type PageBrowser, SEEN_WITHIN_MS, startPageBrowser } from '../../src/testing/page-browser.ts';
import { until } from '../../src/testing/until.ts';

const thresholds = { minCc: 0, maxCc: 4_000, revision: 1 };
const snapshot = {
  ...{ supplies: {}, refusals: {}, messages: {}, modules: {}, drivers: {}, points: { CP001: panelPoint('CP001') } },
  weather: { 1: { locationId: 1, city: 'Alicante', country: 'ES', pointCount: 1, isSimulated: false } },
  weatherService: { service: { thresholds, isRunning: true, isSimulated: false } },
};

let server: FixtureServer;
let browser: PageBrowser;
before(async () => {
  server = await startFixtureServer({ app: 'central', port: 0, snapshots: { panel: snapshot } });
  browser = await startPageBrowser();
});
after(async () => {
  await browser?.stop();
  await server?.stop();
});

for (const [path, asks] of [
  ['/', '/api/statistics'],
  ['/clima', '/api/weather/history'],
] as const)
  test(`ux 2.3 of a Central that is away ${path} asks nothing, also not what it asks each minute, until it is back`, async () => {
    const asked = () => server.calls.filter((call) => call.path.startsWith(asks)).length;
    const panel = await browser.open(`${server.url}/sistema`);
    const { clock } = panel.page;
    await clock.install();
    await panel.page.goto(`${server.url}${path}`);
    await until(`${asks} is asked`, () => asked() > 0, SEEN_WITHIN_MS);
    server.upstream = { isCentralReachable: false };
    await panel.sees('central-bar');
    const before = asked();
    for (let minute = 0; minute < 3; minute += 1) await clock.fastForward('01:01');
    // What it has asked by now has come to the server before this has.
    await panel.page.evaluate(`fetch('/api/me').then(() => undefined)`);
    assert.equal(asked(), before);
    server.upstream = { isCentralReachable: true, centralSeenAtMs: Date.now() };
    await until(`${asks} is asked again`, () => asked() > before, SEEN_WITHIN_MS);
    await panel.losesSight('central-bar');
    await panel.page.context().close();
    assert.deepEqual(browser.misdeeds, []);
  });

test('S-WEA-15 what is typed while a save is on its way stays, and is a change of what was saved', async () => {
  const answers: (() => void)[] = [];
  const saves: unknown[] = [];
  server.answer(async ({ method, path, body }) => {
    if (path === '/api/me') return { operatorId: 'ana', role: 'operator', expiresAtMs: Date.now() + 3_600_000 };
    if (method !== 'PUT' || path !== '/api/weather/thresholds') return undefined;
    saves.push(body);
    await new Promise<void>((resolve) => answers.push(resolve));
    const { revision, ...limits } = body as typeof thresholds;
    return { ...limits, revision: revision + 1 };
  });
  const panel = await browser.open(`${server.url}/clima`);
  const isBusy = (value: string) => ({ name: 'aria-busy', value });
  await panel.type('threshold-min', '5');
  await panel.press('threshold-save');
  await panel.finds('threshold-save', isBusy('true'));
  await panel.type('threshold-min', '7');
  await until('it is asked to save', () => answers.length === 1, SEEN_WITHIN_MS);
  answers[0]?.();
  await panel.finds('threshold-save', isBusy('false'));
  assert.equal(await panel.at('threshold-min').inputValue(), '7');
  await panel.press('threshold-save');
  await until('it is asked to save that', () => answers.length === 2, SEEN_WITHIN_MS);
  assert.deepEqual(saves, [
    { minCc: 500, maxCc: 4_000, revision: 1 },
    { minCc: 700, maxCc: 4_000, revision: 2 },
  ]);
  answers[1]?.();
  await panel.finds('threshold-save', isBusy('false'));
  assert.equal(await panel.at('threshold-min').inputValue(), '7', 'before the stream has it');
  server.feeds.panel?.set('weatherService', 'service', {
    ...snapshot.weatherService.service,
    thresholds: { minCc: -100, maxCc: 4_000, revision: 4 },
  });
  const isNewest = async () => (await panel.at('threshold-min').inputValue()) === '-1';
  await until('what somebody else saved since is shown', isNewest, SEEN_WITHIN_MS);
  await panel.page.context().close();
  assert.deepEqual(browser.misdeeds, []);
});

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { SupplyCurve } from '../../src/messages/central-api.ts';
import type { SupplyView } from '../../src/messages/entities.ts';
import { type Network, startNetwork } from '../../src/testing/network-processes.ts';
import { type PageBrowser, SEEN_WITHIN_MS, startPageBrowser, type Viewer } from '../../src/testing/page-browser.ts';
import { type PageHands, pageHands, pressKeyOn, untilFocused, untilWhAbove } from '../../src/testing/page-hands.ts';
import { until, untilAsked } from '../../src/testing/until.ts';

const CHARGING = 'CP002';
const IDLE = 'CP001';
const MAX_TABS = 60;

let network: Network;
let browser: PageBrowser;
let hands: PageHands;

before(async () => {
  [network, browser] = await Promise.all([startNetwork({ points: 2 }), startPageBrowser()]);
  for (const cpId of [IDLE, CHARGING]) await network.untilPoint(cpId, 'AVAILABLE');
  hands = await pageHands(network, browser);
  const driver = await network.newDriver('ANA');
  await driver.charge(CHARGING);
  await network.point(CHARGING).plugWhenAuthorised();
});
after(async () => {
  await browser?.stop();
  await network?.stop();
});

const focused = (panel: Viewer) => panel.page.evaluate('document.activeElement?.dataset.testid ?? ""');

/** Presses Tab until this has the focus, as somebody without a mouse does. */
async function tabTo(panel: Viewer, testId: string): Promise<void> {
  const passed: string[] = [];
  for (let count = 0; count < MAX_TABS; count += 1) {
    if ((await focused(panel)) === testId) return;
    passed.push(String(await focused(panel)));
    await panel.page.keyboard.press('Tab');
  }
  throw new Error(`Tab did not come to ${testId}: ${passed.join(' ')}`);
}

async function signInByKeys(panel: Viewer): Promise<void> {
  const [, operatorId = '', password = ''] = /user (\S+)\s+password (\S+)/.exec(await network.local.firstAdmin()) ?? [];
  await tabTo(panel, 'open-login');
  await pressKeyOn(panel, 'open-login');
  await tabTo(panel, 'login-operator');
  await panel.page.keyboard.type(operatorId);
  await tabTo(panel, 'login-password');
  await panel.page.keyboard.type(password);
  await panel.page.keyboard.press('Enter');
  await panel.sees('operator');
}

test('ux 2.8 a whole order by keyboard only: sign in, find the charging point, open it, stop it, confirm, read the result', async () => {
  const panel = await browser.open(hands.panelUrl);
  await panel.finds(`tile-${CHARGING}`, { name: 'data-state', value: 'CHARGING' });
  await signInByKeys(panel);
  await tabTo(panel, 'global-search');
  await panel.page.keyboard.type(CHARGING.toLowerCase());
  await panel.sees(`hit-${CHARGING}`);
  await panel.page.keyboard.press('Enter');
  await panel.sees('point-dialog');
  await tabTo(panel, 'stop');
  await pressKeyOn(panel, 'stop');
  await panel.reads('confirm-dialog', `¿Parar ${CHARGING}?`);
  // The question begins at no.
  await untilFocused(panel, 'confirm-cancel');
  await panel.page.keyboard.press('Tab');
  await pressKeyOn(panel, 'confirm-ok');
  await panel.finds(`result-${CHARGING}`, { name: 'data-result', value: 'APPLIED' });
  await panel.finds(`tile-${CHARGING}`, { name: 'data-state', value: 'OUT_OF_SERVICE' });
  // The focus is on what takes it back.
  await untilFocused(panel, 'resume');
  await panel.page.keyboard.press('Escape');
  await panel.losesSight('point-dialog');
  await untilFocused(panel, 'global-search');
  await panel.page.context().close();
});

test('ux 3.1 an administrator corrects a price in the details; the database, the audit and every page have it', async () => {
  const panel = await hands.adminPanel();
  await panel.page.goto(`${hands.panelUrl}/?cp=${IDLE}&detail=data`);
  await panel.sees('data-form');
  await panel.finds('data-save', { name: 'aria-disabled', value: 'true' });
  await panel.type('new-price', '0.375');
  await panel.press('data-save');
  await panel.reads('toasts', `Datos de ${IDLE} guardados`);
  await panel.reads(`tile-${IDLE}`, '0,375');
  const [row] = await network.database.ask<{ price_e4_per_kwh: number }>(
    'SELECT price_e4_per_kwh FROM charging_points WHERE cp_id = $1',
    [IDLE],
  );
  assert.equal(row?.price_e4_per_kwh, 3_750);
  const edits = () => network.database.ask("SELECT 1 FROM audit_log WHERE action = 'CP_EDITED' AND cp_id = $1", [IDLE]);
  await untilAsked('the audit has it', async () => (await edits()).length === 1, SEEN_WITHIN_MS);
  await panel.page.context().close();
});

test('ux 2.11 what an administrator types is not lost to a change by somebody else, who is told of first', async () => {
  const [ana, ben] = [await hands.adminPanel(), await hands.adminPanel()];
  for (const panel of [ana, ben]) {
    await panel.page.goto(`${hands.panelUrl}/?cp=${IDLE}&detail=data`);
    await panel.sees('data-form');
  }
  await ana.type('new-address', 'Calle de Ana 1');
  await ben.type('new-price', '0.4');
  await ben.press('data-save');
  await ben.reads('toasts', `Datos de ${IDLE} guardados`);
  await ana.sees('changed-meanwhile');
  assert.equal(await ana.at('new-address').inputValue(), 'Calle de Ana 1');
  await ana.press('data-save');
  await ana.sees('form-error');
  await ana.press('take-new');
  assert.equal(await ana.at('new-price').inputValue(), '0.4');
  for (const panel of [ana, ben]) await panel.page.context().close();
});

test('ux 3.1 a page that is opened in mid-charge shows the curve from before, as Central saw it', async () => {
  const driver = await network.newDriver('BEA');
  await driver.charge(IDLE);
  await network.point(IDLE).plugWhenAuthorised();
  const early = await browser.open(`${hands.panelUrl}/?cp=${IDLE}`);
  await untilWhAbove(early, 'detail-energy', 0);
  let samples: number[][] = [];
  let pluggedAtMs = 0;
  // A refusal is an answer as well: then there is nothing yet.
  const asked = <Body>(path: string) =>
    early.page.evaluate(`fetch('${path}').then((answer) => answer.json())`) as Promise<Partial<Body>>;
  const hasLookedThreeTimes = async () => {
    const { supplies } = await asked<{ supplies: SupplyView[] }>(`/api/supplies?cpId=${IDLE}`);
    const [supply] = supplies ?? [];
    if (supply === undefined) return false;
    pluggedAtMs = supply.pluggedAtMs ?? 0;
    samples = (await asked<SupplyCurve>(`/api/supplies/${supply.supplyId}/curve`)).samples ?? [];
    // Central looks each ten seconds: asked more often, the panel's limit of requests would answer.
    await early.page.waitForTimeout(1_000);
    return samples.length >= 3;
  };
  await until('Central has looked three times', hasLookedThreeTimes, 120_000);
  const late = await browser.open(`${hands.panelUrl}/?cp=${IDLE}`);
  await late.sees('curve');
  // What the page itself sees begins only now: the past comes by an answer, before it or after.
  const firstSecond = Math.max(0, Math.round(((samples[0]?.[0] ?? 0) - pluggedAtMs) / 1_000));
  await late.finds('curve', { name: 'data-from-second', value: String(firstSecond) });
  assert.ok(Number(await late.at('curve').getAttribute('data-count')) >= samples.length);
  assert.deepEqual(
    browser.misdeeds.filter((misdeed) => !misdeed.includes('409')),
    [],
  );
});

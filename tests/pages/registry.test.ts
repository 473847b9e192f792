import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type Network, startNetwork } from '../../src/testing/network-processes.ts';
import { type PageBrowser, SEEN_WITHIN_MS, startPageBrowser, type Viewer } from '../../src/testing/page-browser.ts';
import { type PageHands, pageHands } from '../../src/testing/page-hands.ts';
import { formsOf, secretsBelow, secretsIn } from '../../src/testing/secret-hunt.ts';
import { untilAsked } from '../../src/testing/until.ts';

let network: Network;
let browser: PageBrowser;
let hands: PageHands;
let registry: Viewer;
let registryUrl: string;

before(async () => {
  [network, browser] = await Promise.all([startNetwork({ points: 1 }), startPageBrowser()]);
  await network.untilPoint('CP001', 'AVAILABLE');
  hands = await pageHands(network, browser);
  registryUrl = (await network.local.read()).registryUrl;
  registry = await hands.adminRegistry();
});
after(async () => {
  await browser?.stop();
  await network?.stop();
});

const hasStatus = (value: string) => ({ name: 'data-status', value });

async function enrol(cpId: string): Promise<string> {
  await registry.press('add-point');
  const typed = { cpId, zone: 'ALC', address: 'C/ Mayor 9', city: 'Elche', price: '0.31', power: '22' };
  for (const [name, text] of Object.entries(typed)) await registry.type(`new-${name}`, text);
  await registry.press('point-submit');
  return registry.at('enrolment-token').inputValue();
}

/** Everything in which a browser could keep something, and what it shows. */
async function keptBy(viewer: Viewer): Promise<string> {
  const kept = await viewer.page.evaluate(`(async () => JSON.stringify({
    page: document.documentElement.outerHTML, fields: [...document.querySelectorAll('input')].map((field) => field.value),
    local: { ...localStorage }, session: { ...sessionStorage }, cookies: document.cookie, history: history.state,
    databases: await indexedDB.databases(), caches: await caches.keys(), url: location.href,
  }))()`);
  return String(kept) + JSON.stringify(await viewer.page.context().cookies());
}

test('ux 9.7 an enrolment token appears once: gone after close or reload, absent from storage, address, database and logs of all processes', async () => {
  const addresses: string[] = [];
  registry.page.on('framenavigated', (frame) => addresses.push(frame.url()));
  registry.page.on('request', (request) => addresses.push(request.url()));
  const first = await enrol('SEC1');
  assert.match(first, /^[\w-]{43}$/);
  registry.page.once('dialog', (dialog) => void dialog.accept());
  await registry.page.reload();
  await registry.finds('row-SEC1', hasStatus('PENDING'));
  await registry.press('renew-SEC1');
  await registry.press('confirm-ok');
  const second = await registry.at('enrolment-token').inputValue();
  assert.notEqual(second, first);
  await registry.finds('token-close', { name: 'aria-disabled', value: 'true' });
  await registry.page.keyboard.press('Escape');
  await registry.sees('token-dialog');
  await registry.at('token-saved').check();
  await registry.press('token-close');
  await registry.losesSight('token-dialog');
  const secrets = [...formsOf('the first token', first), ...formsOf('the second token', second)];
  const held = [await keptBy(registry), ...addresses].join('\n');
  assert.deepEqual(secretsIn('the browser', Buffer.from(held), secrets), []);
  // The audit is written behind the answer: added, two tokens issued, the first one's credential revoked.
  const events = () => network.database.ask("SELECT 1 FROM audit_log WHERE cp_id = 'SEC1'");
  await untilAsked('the audit has it all', async () => (await events()).length >= 4, SEEN_WITHIN_MS);
  const rows = await network.database.ask<{ row: string }>(
    'SELECT t::text AS row FROM enrolment_tokens t UNION ALL SELECT a::text FROM audit_log a',
  );
  const stored = rows.map(({ row }) => row).join('\n');
  assert.deepEqual(secretsIn('the database', Buffer.from(stored), [secrets[0]!, secrets[4]!]), []);
  for (const ending of ['.log', '.json']) assert.deepEqual(secretsBelow(network.local.folder, ending, secrets), []);
});

test('a point is enrolled: retired at the Registry, enrolled again there, its token pasted at its Monitor, available on the panel', async () => {
  const panel = await browser.open(hands.panelUrl);
  const monitor = await browser.open(`${hands.pointUrl('CP001')}/monitor`);
  await monitor.reads('registered', 'Registrado');
  await panel.sees('tile-CP001');
  await registry.press('retire-CP001');
  await registry.type('confirm-typed', 'CP00');
  await registry.finds('confirm-ok', { name: 'aria-disabled', value: 'true' });
  await registry.type('confirm-typed', 'CP001');
  await registry.press('confirm-ok');
  await registry.losesSight('row-CP001');
  await panel.losesSight('tile-CP001');
  await monitor.sees('central-refusal');

  const token = await enrol('CP001');
  await registry.at('token-saved').check();
  await registry.press('token-close');
  await registry.finds('row-CP001', hasStatus('PENDING'));
  await panel.finds('tile-CP001', { name: 'data-state', value: 'DISCONNECTED' });
  await monitor.press('monitor-register');
  await monitor.type('register-token', 'not a token');
  await monitor.press('register-submit');
  await monitor.reads('form-error', 'El token no vale o ya se usó');
  await monitor.type('register-token', token);
  await monitor.press('register-submit');
  await monitor.losesSight('register-dialog');
  await panel.finds('tile-CP001', { name: 'data-state', value: 'AVAILABLE' });
  await monitor.reads('key-state', 'Instalada');
  await registry.finds('row-CP001', hasStatus('REGISTERED'));

  const { secret } = JSON.parse(readFileSync(join(network.local.folder, 'points', 'CP001', 'credential.json'), 'utf8'));
  const secrets = [...formsOf('the token', token), ...formsOf('the secret', String(secret))];
  assert.deepEqual(secretsIn('the Monitor page', Buffer.from(await keptBy(monitor)), secrets), []);
  assert.deepEqual(secretsIn('the panel', Buffer.from(await keptBy(panel)), secrets), []);
  assert.deepEqual(secretsBelow(network.local.folder, '.log', secrets), []);
  for (const viewer of [panel, monitor]) await viewer.page.context().close();
});

test('an edit is on the panel at once, and what somebody else changed meanwhile is not overwritten unseen', async () => {
  const panel = await browser.open(hands.panelUrl);
  await registry.press('edit-CP001');
  await registry.type('new-price', '0.42');
  const other = await hands.adminRegistry();
  await other.press('edit-CP001');
  await other.type('new-city', 'Orihuela');
  await other.press('point-submit');
  await other.losesSight('point-dialog');
  await registry.sees('changed-meanwhile');
  assert.equal(await registry.at('new-price').inputValue(), '0.42', 'what was typed stays');
  await registry.press('take-new');
  assert.equal(await registry.at('new-city').inputValue(), 'Orihuela');
  await registry.type('new-price', '0.42');
  await registry.press('point-cancel');
  await registry.sees('unsaved');
  await registry.press('keep-editing');
  await registry.press('point-submit');
  await registry.losesSight('point-dialog');
  await panel.reads('tile-CP001', '0,420');
  await registry.reads('row-CP001', 'Orihuela');
  for (const viewer of [panel, other]) await viewer.page.context().close();
});

test('no login, no points; a session that has ended shows nothing of before', async () => {
  const nobody = await browser.open(registryUrl);
  await nobody.type('login-operator', 'admin');
  await nobody.type('login-password', 'wrong');
  await nobody.press('login-submit');
  await nobody.reads('form-error', 'incorrectos');
  await registry.press('logout');
  await registry.sees('login-operator');
  assert.equal((await registry.page.locator('body').textContent())?.includes('CP001'), false);
  await registry.page.reload();
  await registry.sees('login-operator');
  const expected = /401|403 \(Forbidden\)|422/;
  assert.deepEqual(
    browser.misdeeds.filter((deed) => !expected.test(deed)),
    [],
  );
});

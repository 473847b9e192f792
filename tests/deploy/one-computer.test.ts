import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { readNetworkFile } from '../../src/local/network-file.ts';
import type { PanelPoint } from '../../src/messages/live-stream.ts';
import { createApiClient } from '../../src/testing/api-client.ts';
import { openLivePage } from '../../src/testing/live-page.ts';
import { type DriverPerson, driverPerson } from '../../src/testing/network-driver.ts';
import { type PointHands, pointHands } from '../../src/testing/network-point.ts';
import {
  type Computer,
  type Computers,
  commandsOf,
  makeComputers,
  whyNoComputers,
} from '../../src/testing/three-hosts.ts';
import { until } from '../../src/testing/until.ts';

const why = await whyNoComputers();
const PASSWORD = 'correct horse battery';
const WITHIN_MS = 60_000;
let computers: Computers;
let one: Computer;
/** The lines of the guide, in turn. */
let lines: [first: string, stop: string, later: string, stop: string, everything: string];
let caFile: string;
let supplyId: string;

async function typed(line: string): Promise<string> {
  const { printed, exitCode } = await one.type(`${line} < /dev/null`);
  assert.equal(exitCode, 0, `${line}\n${printed}`);
  return printed;
}

const pointOfPage = (): PointHands => pointHands({ cpId: 'CP001', pageUrl: `https://${one.address}:5050`, caFile });
const appUrl = () => `https://${one.address}:5100`;

async function pids(): Promise<Record<string, number | undefined>> {
  const folders = ['var', join('var', 'EV_CP'), join('var', 'EV_Driver')];
  const files = await Promise.all(folders.map((folder) => readNetworkFile(join(one.folder, folder, 'network.json'))));
  return Object.fromEntries(files.flatMap((file) => (file?.processes ?? []).map(({ name, pid }) => [name, pid])));
}

/** What a driver who is logged in does in the app, whose page is closed afterwards. */
async function asAna<Result>(act: (ana: DriverPerson) => Promise<Result>): Promise<Result> {
  const ana = await driverPerson({ appUrl: appUrl(), driverId: 'ANA01', password: PASSWORD, caFile });
  return act(ana).finally(() => ana.live.close());
}

async function untilPanelShows(state: PanelPoint['state']): Promise<void> {
  const panel = openLivePage({ baseUrl: `https://${one.address}:5000`, path: '/live?view=public', caFile });
  const isShown = () => panel.entity<PanelPoint>('panel', 'points', 'CP001')?.state === state;
  await until(`the panel shows CP001 ${state}`, isShown, WITHIN_MS).finally(panel.close);
}

before(async () => {
  assert.equal(why, undefined);
  computers = await makeComputers({ one: 10 });
  one = computers.computer('one');
  caFile = join(one.folder, 'var', 'secrets', 'ca.pem');
  lines = (await commandsOf('One computer', computers.prefix)) as typeof lines;
});
after(() => computers?.close());

test('S-OPS-02: one line of the guide brings up Central, a point and a driver app, each by its script, and a driver charges', async () => {
  const printed = await typed(lines[0]);
  for (const title of ['EVCharging Central', 'This computer of charging points', 'This computer of driver apps'])
    assert.match(printed, new RegExp(`^${title} runs \\(ready after`, 'm'));
  await untilPanelShows('AVAILABLE');
  const app = createApiClient({ baseUrl: appUrl(), caFile });
  await app.post('/api/register', { driverId: 'ANA01', name: 'Ana', password: PASSWORD });
  await asAna(async (ana) => {
    supplyId = (await ana.charge('CP001')).supplyId;
    await pointOfPage().plugWhenAuthorised();
    await untilPanelShows('CHARGING');
    await pointOfPage().unplug();
    assert.equal((await ana.ticketOf(supplyId)).endReason, 'UNPLUGGED');
    assert.deepEqual(
      (await ana.history()).map((ticket) => ticket.supplyId),
      [supplyId],
    );
  });
});

test('S-OPS-02: the same line again while all runs says so and changes nothing', async () => {
  const before = await pids();
  const printed = await typed(lines[0]);
  assert.equal(printed.match(/^It is already running \(supervisor pid \d+\)\.$/gm)?.length, 3, printed);
  assert.deepEqual(await pids(), before);
  await untilPanelShows('AVAILABLE');
});

test('the logs of all that runs here are read by one command, in words', async () => {
  const { printed } = await one.type('timeout 5 ./ev logs --last 40');
  for (const name of ['central', 'cp001-engine', 'drv001'])
    assert.match(printed, new RegExp(`^\\d\\d:\\d\\d:\\d\\d ${name} +\\S`, 'm'));
  assert.doesNotMatch(printed, /^\{/m);
  const unknown = await one.type('./ev logs nobody');
  assert.deepEqual(
    [unknown.exitCode, /there is no process 'nobody'; there are: supervisor /.test(unknown.printed)],
    [2, true],
  );
});

test('S-OPS-06: one line stops all three, and nothing listens any more', async () => {
  assert.match(await typed(lines[1]), /^Everything has stopped\.$/m);
  assert.equal((await one.inNetwork('ss', '-Htln')).trim(), '');
});

test('S-OPS-02: a start without arguments comes back with the same driver, the same ticket and a point that takes the next', async () => {
  await typed(lines[2]);
  await untilPanelShows('AVAILABLE');
  await asAna(async (ana) => {
    const [ticket, ...others] = await ana.history();
    assert.equal(ticket?.supplyId, supplyId);
    assert.deepEqual(others, []);
    const next = await ana.charge('CP001');
    await ana.stop(next.supplyId);
  });
});

test('S-OPS-01 S-OPS-02: the other command of the guide starts the same point with what it has, and one stops the other', async () => {
  await typed(lines[3]);
  const printed = await typed(lines[4]);
  assert.match(printed, /^EVCharging runs \(ready after/m);
  assert.doesNotMatch(printed, /not ready yet|registered already/);
  const beside = await one.type(lines[2]);
  assert.equal(beside.exitCode, 2, beside.printed);
  assert.match(beside.printed, /^\.\/run_all\.sh runs everything on this computer .*type \.\/stop_all\.sh first$/m);
  await typed(lines[1]);
});

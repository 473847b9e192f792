import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { readNetworkFile } from '../../src/local/network-file.ts';
import type { PanelPoint } from '../../src/messages/live-stream.ts';
import { type Computer, type Computers, makeComputers, typed } from '../../src/testing/computers.ts';
import { type DeployedNetwork, deployedNetwork } from '../../src/testing/deployed-network.ts';
import { readGuide } from '../../src/testing/deployment-guide.ts';
import type { DriverPerson } from '../../src/testing/network-driver.ts';
import { untilPointIs } from '../../src/testing/panel-points.ts';

const WITHIN_MS = 60_000;
let computers: Computers<'one'>;
let one: Computer;
let network: DeployedNetwork;
/** The lines of the guide, in turn. */
let lines: [first: string, stop: string, later: string, stop: string, everything: string];
let supplyId: string;

/** Nobody is at the keyboard: nothing may be asked. */
const typedHere = (line: string): Promise<string> => typed(one, `${line} < /dev/null`);

async function pids(): Promise<Record<string, number | undefined>> {
  const folders = ['var', join('var', 'EV_CP'), join('var', 'EV_Driver')];
  const files = await Promise.all(folders.map((folder) => readNetworkFile(join(one.folder, folder, 'network.json'))));
  return Object.fromEntries(files.flatMap((file) => (file?.processes ?? []).map(({ name, pid }) => [name, pid])));
}

/** What a driver who is logged in does in the app, whose page is closed afterwards. */
async function asAna<Result>(act: (ana: DriverPerson) => Promise<Result>): Promise<Result> {
  const ana = await network.logInAsAna();
  return act(ana).finally(() => ana.live.close());
}

async function untilPanelShows(state: PanelPoint['state']): Promise<void> {
  const panel = network.openPanel();
  await untilPointIs(panel, { cpId: 'CP001', state, withinMs: WITHIN_MS }).finally(panel.close);
}

before(async () => {
  computers = await makeComputers({ one: 10 });
  ({ one } = computers.named);
  network = deployedNetwork({ central: one, points: one, drivers: one });
  lines = (await readGuide(computers.prefix, 'One computer')).lines as typeof lines;
});
after(() => computers?.close());

test('S-OPS-02: one line of the guide brings up Central, a point and a driver app, each by its script, and a driver charges', async () => {
  const printed = await typedHere(lines[0]);
  for (const title of ['EVCharging Central', 'This computer of charging points', 'This computer of driver apps'])
    assert.match(printed, new RegExp(`^${title} runs \\(ready after`, 'm'));
  await untilPanelShows('AVAILABLE');
  await network.registerAna();
  await asAna(async (ana) => {
    supplyId = (await ana.charge('CP001')).supplyId;
    await network.point().plugWhenAuthorised();
    await ana.untilCharging(supplyId);
    await untilPanelShows('CHARGING');
    await network.point().unplug();
    assert.equal((await ana.ticketOf(supplyId)).endReason, 'UNPLUGGED');
    assert.deepEqual(
      (await ana.history()).map((ticket) => ticket.supplyId),
      [supplyId],
    );
  });
});

test('S-OPS-02: the same line again while all runs says so and changes nothing', async () => {
  const before = await pids();
  const printed = await typedHere(lines[0]);
  assert.equal(printed.match(/^It is already running \(supervisor pid \d+\)\.$/gm)?.length, 3, printed);
  assert.deepEqual(await pids(), before);
  await untilPanelShows('AVAILABLE');
});

test('the logs of all that runs here are read by one command, in words', async () => {
  const names = ['central', 'cp001-engine', 'drv001'];
  // It reads on until somebody ends it: here, once each of them has been heard.
  const named = `[[ $line =~ ^[0-9:]+\\ (${names.join('|')})\\  ]] && heard[\${BASH_REMATCH[1]}]=1`;
  const reader = `echo "$line"; ${named}; ((\${#heard[@]} == ${names.length})) && break`;
  const logs = './ev logs --last 40';
  const { printed } = await one.type(
    `declare -A heard; while IFS= read -r line; do ${reader}; done < <(exec timeout 120 ${logs} 2>&1)`,
  );
  for (const name of names) assert.match(printed, new RegExp(`^\\d\\d:\\d\\d:\\d\\d ${name} +\\S`, 'm'));
  assert.doesNotMatch(printed, /^\{/m);
  const unknown = await one.type('./ev logs nobody');
  assert.deepEqual(
    [unknown.exitCode, /there is no process 'nobody'; there are: supervisor /.test(unknown.printed)],
    [2, true],
  );
});

test('S-OPS-06: one line stops all three, and nothing listens any more', async () => {
  assert.match(await typedHere(lines[1]), /^Everything has stopped\.$/m);
  assert.equal(await one.listening(), '');
});

test('S-OPS-02: a start without arguments comes back with the same driver, the same ticket and a point that takes the next', async () => {
  await typedHere(lines[2]);
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
  await typedHere(lines[3]);
  const printed = await typedHere(lines[4]);
  assert.match(printed, /^EVCharging runs \(ready after/m);
  assert.doesNotMatch(printed, /not ready yet|registered already/);
  const beside = await one.type(lines[2]);
  assert.equal(beside.exitCode, 2, beside.printed);
  assert.match(beside.printed, /^\.\/run_all\.sh runs everything on this computer .*type \.\/stop_all\.sh first$/m);
  await typedHere(lines[1]);
});

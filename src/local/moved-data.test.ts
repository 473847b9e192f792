import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { moveDataHere } from './moved-data.ts';
import { type NetworkPlan, networkFiles, planNetwork } from './network-plan.ts';

let projectFolder: string;
let all: NetworkPlan;
let points: NetworkPlan;
let drivers: NetworkPlan;

const none = () => false;
const said: string[] = [];
const say = (line: string) => void said.push(line);

async function write(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}

const credentialOf = (plan: NetworkPlan) => join(networkFiles(plan).pointData('CP001'), 'credential.json');
const tokenOf = (plan: NetworkPlan) => networkFiles(plan).enrolmentToken('CP001');
const batchOf = (plan: NetworkPlan) => join(networkFiles(plan).driverData('DRV001'), 'batches', 'one');

beforeEach(async () => {
  said.length = 0;
  projectFolder = await mkdtemp(join(tmpdir(), 'ev-moved-'));
  const env = {};
  const common = { projectFolder, points: 1, drivers: 1, env };
  all = planNetwork(common);
  const place = { host: '192.0.2.1', publicHost: '192.0.2.1', centralHost: '192.0.2.1', brokers: undefined, ports: {} };
  const at = (role: 'POINTS' | 'DRIVERS', folder: string, ids: { pointIds: string[]; driverIds: string[] }) =>
    planNetwork({ ...common, place: { ...place, role, varFolder: join(projectFolder, 'var', folder), ...ids } });
  points = at('POINTS', 'EV_CP', { pointIds: ['CP001'], driverIds: [] });
  drivers = at('DRIVERS', 'EV_Driver', { pointIds: [], driverIds: ['DRV001'] });
  for (const plan of [all, points, drivers]) await write(networkFiles(plan).ca, 'one authority');
});
afterEach(() => rm(projectFolder, { recursive: true, force: true }));

test('S-OPS-01 S-OPS-02: a point and an app go on with what they have, whichever of run_all.sh and start.sh starts them', async () => {
  await write(credentialOf(points), 'of start.sh');
  await write(tokenOf(points), 'used up');
  await write(join(dirname(credentialOf(all)), 'journal', '1'), 'of an engine that was never enrolled');
  await write(batchOf(drivers), 'of start.sh');
  await moveDataHere(all, none, say);
  assert.equal(await readFile(credentialOf(all), 'utf8'), 'of start.sh');
  assert.equal(await readFile(batchOf(all), 'utf8'), 'of start.sh');
  assert.ok(existsSync(tokenOf(all)));
  assert.equal(said.length, 2);
  await moveDataHere(points, none, say);
  await moveDataHere(drivers, none, say);
  assert.equal(await readFile(credentialOf(points), 'utf8'), 'of start.sh');
  assert.equal(await readFile(batchOf(drivers), 'utf8'), 'of start.sh');
  assert.equal(existsSync(credentialOf(all)), false);
});

test('S-OPS-02: what belongs to another network, is enrolled here already or runs stays where it is', async () => {
  await write(credentialOf(points), 'theirs');
  await moveDataHere(all, (name) => name === 'cp001-engine', say);
  await write(networkFiles(points).ca, 'another authority');
  await moveDataHere(all, none, say);
  await write(networkFiles(points).ca, 'one authority');
  await write(credentialOf(all), 'ours');
  await moveDataHere(all, none, say);
  assert.equal(await readFile(credentialOf(points), 'utf8'), 'theirs');
  assert.equal(await readFile(credentialOf(all), 'utf8'), 'ours');
  assert.deepEqual(said, []);
});

test('S-OPS-02: a point that was registered by hand has no token to bring along', async () => {
  await write(credentialOf(points), 'by hand');
  await moveDataHere(all, none, say);
  assert.equal(await readFile(credentialOf(all), 'utf8'), 'by hand');
  assert.equal(existsSync(tokenOf(all)), false);
});

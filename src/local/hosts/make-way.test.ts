import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { type ControlRequest, openControl } from '../control.ts';
import { BadSetting, type HostPlace, type NetworkFiles, networkFiles } from '../network-plan.ts';
import { isAlive, signalPid } from '../os-process.ts';
import { type Beside, makeWay, mustMakeWay } from './make-way.ts';

const PID = 4_321;
const NOTHING: Beside['said'] = { ids: [], isAlone: false, furtherHosts: [] };
const place: HostPlace = {
  ...{ role: 'POINTS', varFolder: '/v', host: '10.0.0.2', publicHost: '10.0.0.2', centralHost: '10.0.0.1' },
  ...{ brokers: undefined, ports: {}, pointIds: ['CP001', 'CP002'], driverIds: [] },
};
let folder: string;
let files: NetworkFiles;
let asked: ControlRequest[];
let supervisor: ChildProcess | undefined;
let control: { close: () => Promise<void> };

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ev-way-'));
  files = networkFiles({ varFolder: folder, projectFolder: folder });
  mkdirSync(dirname(files.control), { recursive: true });
  asked = [];
  control = await openControl(files.control, async (request) => {
    asked.push(request);
    return {};
  });
  writeNetwork('POINTS');
});
afterEach(async () => {
  await control.close();
  supervisor?.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

function spawnSupervisor(): number {
  supervisor = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  return supervisor.pid ?? 0;
}

function writeNetwork(role: string): void {
  const names = ['weather', 'cp001-monitor', 'cp001-engine', 'cp001-web', 'cp002-monitor'];
  writeFileSync(files.network, JSON.stringify({ role, processes: names.map((name) => ({ name })) }));
}

const decided = (said: Partial<Beside['said']> = {}, at: HostPlace = place) =>
  mustMakeWay(files, { pid: PID, said: { ...NOTHING, ...said }, place: at, last: place });

test('a point that was stopped is started again by the supervisor that is there, all its processes and no others', async () => {
  assert.equal(await decided({ ids: ['CP001'] }), false);
  assert.deepEqual(asked, [
    { ask: 'START', name: 'cp001-monitor' },
    { ask: 'START', name: 'cp001-engine' },
    { ask: 'START', name: 'cp001-web' },
  ]);
});

test('a start without arguments at the same place leaves everything as it is', async () => {
  assert.equal(await decided(), false);
  assert.deepEqual(asked, []);
});

test('S-OPS-04: what is new, elsewhere or for other computers is for the next supervisor', async () => {
  assert.equal(await decided({ ids: ['CP001', 'CP003'] }), true);
  assert.equal(await decided({}, { ...place, centralHost: '10.0.0.9' }), true);
  assert.equal(await decided({ isAlone: true }), true);
  assert.equal(await decided({ registryHost: '10.0.0.3' }), true);
  assert.equal(await decided({ furtherHosts: ['10.0.0.4'] }), true);
});

test('S-OPS-02: beside ./run_all.sh nothing is started and nothing gives way', async () => {
  writeNetwork('EVERYTHING');
  await assert.rejects(decided({ ids: ['CP001'] }), (error: Error) => {
    assert.ok(error instanceof BadSetting);
    assert.match(error.message, /^\.\/run_all\.sh runs everything on this computer \(supervisor pid 4321\): /);
    return true;
  });
  assert.deepEqual(asked, []);
});

test('the supervisor is asked to leave and waited for', async () => {
  const pid = spawnSupervisor();
  await control.close();
  control = await openControl(files.control, async (request) => {
    asked.push(request);
    signalPid(pid, 'SIGTERM');
    return {};
  });
  await makeWay(files, pid);
  assert.deepEqual(
    asked.map(({ ask }) => ask),
    ['LEAVE'],
  );
  assert.equal(isAlive(pid), false);
});

test('one that does not end is named, and its successor is not started beside it', async () => {
  const pid = spawnSupervisor();
  await assert.rejects(makeWay(files, pid, 50), new RegExp(`the supervisor \\(pid ${pid}\\) does not end`));
});

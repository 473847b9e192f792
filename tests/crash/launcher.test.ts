import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { isGone, type LocalNetwork, startLocalNetwork } from '../../src/testing/local-network.ts';

let network: LocalNetwork;
before(async () => {
  network = await startLocalNetwork({ points: 1 });
});
after(() => network?.stop());

test('one command brings up every part as a process of its own, and network.json names them all', async () => {
  const file = await network.read();
  const names = file.processes.map((one) => one.name);
  assert.deepEqual(names, [
    ...['postgres', 'kafka', 'central', 'registry', 'central-web', 'weather-sim', 'weather'],
    ...['cp001-monitor', 'cp001-engine', 'cp001-web', 'drv001'],
  ]);
  assert.equal(new Set(file.processes.map((one) => one.pid)).size, names.length);
  assert.ok(existsSync(file.caFile));
});

test('ev status shows each process with its address', async () => {
  const printed = await network.ev('status');
  assert.match(printed, /cp001-engine +\d+ +running +\S+ +0 +http/);
});

test('a second start says that it already runs and where', async () => {
  const printed = await network.ev('up');
  assert.match(printed, /already running \(supervisor pid \d+\)/);
  assert.ok(printed.includes((await network.read()).panelUrl));
});

test('a process that was stopped stays down until it is started', async () => {
  const before = await network.pidOf('cp001-web');
  assert.equal(await network.ev('stop', 'cp001-web'), 'cp001-web: stopped\n');
  assert.ok(await isGone(before));
  assert.match(await network.ev('status'), /cp001-web +- +stopped/);
  await network.ev('start', 'cp001-web');
  await network.untilRunning('cp001-web', before);
});

test('an unknown name is answered with the names that there are', async () => {
  await assert.rejects(
    network.ev('stop', 'cp099-engine'),
    /there is no process 'cp099-engine'; there are: postgres kafka/,
  );
});

test('after kill -9 of the supervisor a new one takes the living processes over and starts the dead ones', async () => {
  const { supervisorPid } = await network.read();
  const [engine, web] = await Promise.all([network.pidOf('cp001-engine'), network.pidOf('cp001-web')]);
  process.kill(supervisorPid, 'SIGKILL');
  assert.ok(await isGone(supervisorPid));
  process.kill(web, 'SIGKILL');
  await network.startAgain();
  assert.equal(await network.pidOf('cp001-engine'), engine);
  await network.untilRunning('cp001-web', web);
  assert.match(
    await readFile(join(network.folder, 'logs', 'supervisor.log'), 'utf8'),
    /cp001-engine +still runs from before \(pid \d+\): adopted/,
  );
});

test('a port that somebody else took is named with the variable that moves it', async () => {
  const stranger = createServer();
  await new Promise<void>((listening) => stranger.listen(0, '127.0.0.1', listening));
  const address = stranger.address();
  assert.ok(typeof address === 'object' && address !== null);
  const other = startLocalNetwork({ env: { PANEL_PORT: String(address.port) } });
  await assert.rejects(other, new RegExp(`port ${address.port} for central-web is taken: set PANEL_PORT to another`));
  stranger.close();
});

test('S-OPS-06 S-OPS-10: one command stops everything, and --clear-logs leaves no log behind, but the data', async () => {
  const before = await network.read();
  assert.ok(existsSync(join(network.folder, 'logs', 'audit_central.log')));
  assert.match(await network.ev('down', '--clear-logs'), /Everything has stopped\..*are removed/);
  for (const { pid } of before.processes) assert.ok(pid === undefined || (await isGone(pid)));
  assert.equal(existsSync(join(network.folder, 'logs')), false);
  assert.ok(existsSync(join(network.folder, 'secrets', 'master.key')));
});

import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { AlreadyRuns, askSupervisor, type ControlRequest, openControl, supervisorPid } from './control.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ev-control-'));
  file = join(folder, 'control.json');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('a request reaches the supervisor and its answer comes back; the file is for its owner only', async () => {
  const seen: ControlRequest[] = [];
  const control = await openControl(file, async (asked) => {
    seen.push(asked);
    return { status: ['one'] };
  });
  assert.equal((await stat(file)).mode & 0o777, 0o600);
  assert.deepEqual(await askSupervisor(file, { ask: 'STOP', name: 'cp001-engine' }), { status: ['one'] });
  assert.deepEqual(seen, [{ ask: 'STOP', name: 'cp001-engine' }]);
  assert.equal(await supervisorPid(file), process.pid);
  await control.close();
  assert.equal(await askSupervisor(file, { ask: 'STATUS' }), undefined);
});

test('a request without the token is refused and does nothing', async () => {
  let calls = 0;
  const control = await openControl(file, async () => {
    calls += 1;
    return {};
  });
  const door = JSON.parse(await readFile(file, 'utf8'));
  const answer = await fetch(`http://127.0.0.1:${door.port}/down`, {
    method: 'POST',
    headers: { authorization: 'Bearer x' },
  });
  assert.equal(answer.status, 401);
  assert.equal(calls, 0);
  await control.close();
});

test('a failure of the supervisor is told to whoever asked', async () => {
  const control = await openControl(file, () => Promise.reject(new Error("there is no process 'x'")));
  assert.deepEqual(await askSupervisor(file, { ask: 'START', name: 'x' }), { error: "there is no process 'x'" });
  await control.close();
});

test('the file of a supervisor that was killed counts as none', async () => {
  await writeFile(file, JSON.stringify({ pid: 2_147_483_646, port: 1, token: 'x' }));
  assert.equal(await supervisorPid(file), undefined);
  assert.equal(await askSupervisor(file, { ask: 'STATUS' }), undefined);
});

test('after a power cut the pid may be somebody else’s: without its open port it counts as none', async () => {
  const control = await openControl(file, async () => ({}));
  const left = await readFile(file, 'utf8');
  await control.close();
  await writeFile(file, left);
  assert.equal(await supervisorPid(file), undefined);
});

test('of several starts at once one becomes the supervisor, and the file of a killed one is in nobody’s way', async () => {
  await writeFile(file, JSON.stringify({ pid: 2_147_483_646, port: 1, token: 'x' }));
  const first = await openControl(file, async () => ({ status: ['first'] }));
  for (let tries = 0; tries < 3; tries += 1) {
    await assert.rejects(
      openControl(file, async () => ({})),
      (error: Error) => error instanceof AlreadyRuns && error.message.includes(String(process.pid)),
    );
  }
  assert.deepEqual(await askSupervisor(file, { ask: 'STATUS' }), { status: ['first'] });
  await first.close();
  const next = await openControl(file, async () => ({}));
  await next.close();
});

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { endLeftTrials } from './kafka.ts';
import { isAlive } from './os-process.ts';

test('a trial run of Kafka whose supervisor was killed is ended by the next one; that of a living one, and a stranger, are not', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'ev-trial-'));
  const jars = join(folder, 'kafka-jars');
  const running = (supervisorPid: number, names: string) => {
    const trial = `${jars}.trial.${supervisorPid}`;
    mkdirSync(trial);
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)', names.replace('TRIAL', trial)]);
    t.after(() => child.kill('SIGKILL'));
    writeFileSync(join(trial, 'trial.pid'), String(child.pid));
    return { trial, pid: child.pid ?? 0 };
  };
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const [dead, deadToo] = [2 ** 22 + 1, 2 ** 22 + 2];
  const left = running(dead, 'TRIAL/server.properties');
  const reused = running(deadToo, 'somebody else');
  const living = running(process.pid, 'TRIAL/server.properties');
  await endLeftTrials(jars);
  assert.deepEqual(
    [left, reused, living].map(({ pid }) => isAlive(pid)),
    [false, true, true],
  );
  assert.deepEqual(
    [left, reused, living].map(({ trial }) => existsSync(trial)),
    [false, false, true],
  );
});

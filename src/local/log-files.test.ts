import assert from 'node:assert/strict';
import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { followLogs, rotate } from './log-files.ts';
import { isTrueWithin } from './os-process.ts';

const WITHIN_MS = 30_000;
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ev-logs-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('only what is written from now on is shown, line by line, and a half line waits for its end', async () => {
  const seen: string[] = [];
  await writeFile(join(folder, 'one.log'), 'old\n');
  const logs = await followLogs({ folder, names: ['one'], onLine: (name, line) => seen.push(`${name}:${line}`) });
  await appendFile(join(folder, 'one.log'), 'first\nhal');
  assert.ok(await isTrueWithin(WITHIN_MS, () => seen.length === 1));
  await appendFile(join(folder, 'one.log'), 'f\n');
  await appendFile(join(folder, 'other.log'), 'not followed\n');
  assert.ok(await isTrueWithin(WITHIN_MS, () => seen.length === 2));
  assert.deepEqual(seen, ['one:first', 'one:half']);
  logs.close();
});

test('a log that has grown too large is moved aside and its writer goes on in an empty one', async () => {
  const path = join(folder, 'one.log');
  await writeFile(path, 'x'.repeat(2_000));
  await rotate(path, 1_000);
  assert.equal((await stat(path)).size, 0);
  assert.equal((await readFile(`${path}.1`, 'utf8')).length, 2_000);
  await rotate(path, 1_000);
  assert.equal((await readFile(`${path}.1`, 'utf8')).length, 2_000);
});

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { type Network, startNetwork } from '../../src/testing/network-processes.ts';
import { until } from '../../src/testing/until.ts';

const PROJECT = resolve(import.meta.dirname, '..', '..');
const PASSWORD = 'correct horse battery';
/** Ten services, one of them at a point that does not exist (R1-G04). */
const SERVICES = ['CP001', 'CP002', 'CP003', 'CP001', 'CP999', 'CP002', 'CP003', 'CP001', 'CP002', 'CP003'];
const UNKNOWN_LINE = 5;
const KILL_AT_LINE = 3;
const LONG_MS = 240_000;

let network: Network;
const children: ChildProcess[] = [];

before(async () => {
  // The terminal tells what it finds twice a second: a charge must last longer than a busy machine may keep it waiting.
  network = await startNetwork({ points: 3, env: { AUTO_PLUG_MS: '500', AUTO_UNPLUG_MS: '4000' } });
  for (const cpId of new Set(SERVICES)) if (cpId !== 'CP999') await network.untilPoint(cpId, 'AVAILABLE');
});
after(async () => {
  for (const child of children) child.kill('SIGKILL');
  await network?.stop();
});

/** `bin/EV_Driver BROKER DRV009 FILE` as the assignment starts it; what it says is kept. */
async function startEvDriver(file: string): Promise<{ said(): string; child: ChildProcess }> {
  const { folder } = network.local;
  const brokers = (await network.local.read()).kafkaBrokers;
  const child = spawn(join(PROJECT, 'bin', 'EV_Driver'), [brokers, 'DRV009', file], {
    env: {
      ...network.local.env,
      ...{ DRIVER_PORT: '0', EV_DATA_DIR: join(folder, 'drivers', 'DRV009'), EV_AUDIT_DIR: join(folder, 'logs') },
      ...{ EV_CA_FILE: join(folder, 'secrets', 'ca.pem'), DRIVER_USER_ID: 'ANA', DRIVER_PASSWORD: PASSWORD },
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  let said = '';
  child.stdout.on('data', (bytes: Buffer) => {
    said += bytes.toString();
  });
  return { said: () => said, child };
}

test('R1-G04, R1-14: ten services from a file with nobody touching anything, each told at the terminal; a kill -9 in between loses and doubles none', async () => {
  const ana = await network.newDriver('ANA');
  const file = join(network.local.folder, 'services.txt');
  await writeFile(file, `${SERVICES.join('\n')}\n`);

  const first = await startEvDriver(file);
  await until('the batch begins', () => first.said().includes('batch of 10 lines for ANA begins'), LONG_MS);
  const third = new RegExp(`line ${KILL_AT_LINE} CP003: OPEN CHARGING`);
  await until('the third service charges', () => third.test(first.said()), LONG_MS);
  // The script's shell has made way for the program (exec), so this is the program.
  first.child.kill('SIGKILL');
  await once(first.child, 'close');
  assert.doesNotMatch(first.said(), new RegExp(`line ${KILL_AT_LINE} CP003: DONE`), 'it died in mid-charge');

  const second = await startEvDriver(file);
  await until('it goes on', () => second.said().includes('for ANA goes on'), LONG_MS);
  await until('it ends', () => second.said().includes('batch FINISHED: 9 done, 1 not'), LONG_MS);
  assert.match(second.said(), new RegExp(`line ${UNKNOWN_LINE} CP999: DENIED CP_UNKNOWN`));
  const tickets = (await ana.history()).toReversed();
  const wanted = SERVICES.filter((cpId) => cpId !== 'CP999');
  assert.deepEqual(
    tickets.map((ticket) => ticket.cpId),
    wanted,
    'one ticket a service, in the order of the file',
  );
  for (const [index, ticket] of tickets.entries()) {
    const before = tickets[index - 1];
    if (before) assert.ok(ticket.requestedAtMs - before.endedAtMs >= 4_000, 'four seconds between two services');
  }
});

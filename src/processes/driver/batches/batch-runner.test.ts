import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, test } from 'node:test';
import { BATCH_PAUSE_MS } from '../../../domain/batch.ts';
import { createLog } from '../../../io/log.ts';
import type { DriverState } from '../../../messages/driver-central.ts';
import type { SupplyView } from '../../../messages/entities.ts';
import { centralToDriverExamples } from '../../../messages/examples.ts';
import { createFakeClock } from '../../../testing/fake-clock.ts';
import { ioClockOf } from '../../../testing/io-clock.ts';
import type { CentralLink, FromCentral } from '../central-link.ts';
import { createUsers } from '../users.ts';
import { openBatchFiles } from './batch-files.ts';
import { startBatches } from './batch-runner.ts';

const TOKEN = 'a'.repeat(43);
const OTHER_TOKEN = 'b'.repeat(43);
const log = createLog('test', { level: 'silent' });
const folder = mkdtempSync(join(tmpdir(), 'ev-batches-'));
const cleared: (() => void)[] = [];
afterEach(() => {
  for (const clear of cleared.splice(0).reverse()) clear();
  rmSync(folder, { recursive: true, force: true });
});

const fake = createFakeClock();
const empty: DriverState = {
  ...{ driverId: 'ANA', balanceCents: 0, interruptedSupplies: [], unreadTickets: [], history: [] },
};
const supplyAt = (requestId: string, state: SupplyView['state']): SupplyView => {
  const { refusal: _, ...supply } = centralToDriverExamples['supply-updated'].supply;
  return { ...supply, requestId, state, origin: 'BATCH', driverId: 'ANA' };
};

/** A driver process as far as batches are concerned; stopping it without `stop` is what kill -9 leaves. */
function driverProcess(expired: string[] = []) {
  const sent: { type: string; body: { requestId?: string; sessionToken: string }; answer(from?: FromCentral): void }[] =
    [];
  const link = {
    request: async (type: string, body: never, answer: (from?: FromCentral) => void) =>
      void sent.push({ type, body, answer }),
  } as unknown as CentralLink;
  const clock = ioClockOf(fake);
  const users = createUsers({
    clock,
    upstream: () => ({ isCentralReachable: true }),
    dataAtMs: () => fake.nowMs(),
    onAdmitted: (user, token) => batches.admitted(user, token),
  });
  const files = openBatchFiles(folder, log);
  const present = async (token: string) => {
    if (expired.includes(token)) return false;
    users.admit(token, fake.nowMs() + 1e9, empty);
    return true;
  };
  const parts = { files, users: () => users, link, present, isCentralReachable: () => true, clock, log };
  const batches = startBatches(parts);
  const kill = () => {
    batches.stop();
    users.stop();
  };
  cleared.push(kill);
  const signIn = (token = TOKEN) => users.admit(token, fake.nowMs() + 1e9, empty);
  return { sent, users, batches, kill, signIn, now: () => batches.ofDriver('ANA')[0] };
}

test('a batch survives a kill -9 of the driver process without its browser: same request, next line, no line twice', async () => {
  const first = driverProcess();
  const started = first.batches.start(first.signIn(), TOKEN, 'CP001\nCP002\n');
  assert.ok(typeof started !== 'string');
  assert.deepEqual(
    first.sent.map(({ body }) => body.requestId),
    [started.lines[0]?.requestId],
  );
  const [file = ''] = readdirSync(folder).filter((name) => name.endsWith('.json'));
  assert.equal(statSync(join(folder, file)).mode & 0o777, 0o600);
  first.kill();

  const second = driverProcess();
  assert.equal(second.sent.length, 0, 'nobody is signed in yet');
  await second.batches.reconnected();
  fake.advance(1_000);
  const [again] = second.sent;
  assert.equal(again?.body.requestId, started.lines[0]?.requestId);
  assert.equal(again?.body.sessionToken, TOKEN);
  const requestId = started.lines[0]?.requestId ?? '';
  second.batches.takeSupply('ANA', supplyAt(requestId, 'CHARGING'));
  second.batches.takeSupply('ANA', supplyAt(requestId, 'ENDED'));
  fake.advance(BATCH_PAUSE_MS - 1_000);
  assert.equal(second.sent.length, 1);
  fake.advance(2_000);
  assert.equal(second.sent[1]?.body.requestId, started.lines[1]?.requestId);
});

test('an expired login waits for its driver to sign in again; the batch goes on under the new one', async () => {
  const first = driverProcess();
  first.batches.start(first.signIn(), TOKEN, 'CP001');
  first.kill();
  const second = driverProcess([TOKEN]);
  await second.batches.reconnected();
  fake.advance(10_000);
  assert.equal(second.sent.length, 0);
  second.signIn(OTHER_TOKEN);
  fake.advance(1_000);
  assert.equal(second.sent[0]?.body.sessionToken, OTHER_TOKEN);
});

test('one batch a driver at a time; a foreign one cannot be ordered; when it is over its login is kept no longer', () => {
  const { batches, signIn, now } = driverProcess();
  const user = signIn();
  const started = batches.start(user, TOKEN, 'CP001\nnonsense here');
  assert.ok(typeof started !== 'string');
  assert.equal(batches.start(user, TOKEN, 'CP002'), 'BATCH_RUNNING');
  assert.equal(batches.order('BOB', started.batchId, 'cancel'), undefined);
  assert.equal(batches.order('ANA', started.batchId, 'cancel')?.state, 'CANCELLED');
  assert.deepEqual(
    now()?.lines.map(({ state }) => state),
    ['SKIPPED', 'INVALID'],
  );
  assert.equal(readFileSync(join(folder, `${started.batchId}.json`), 'utf8').includes(TOKEN), false);
  for (let n = 0; n < 8; n += 1) {
    const next = batches.start(user, TOKEN, 'CP001');
    if (typeof next !== 'string') batches.order('ANA', next.batchId, 'cancel');
  }
  assert.ok(batches.ofDriver('ANA').length <= 6, 'the last few stay');
});

test('a refusal without a supply is the line’s result', () => {
  const { batches, signIn, sent, now } = driverProcess();
  batches.start(signIn(), TOKEN, 'CP001');
  const body = { driverId: 'ANA', refusal: { code: 'CP_UNKNOWN' as const } };
  sent[0]?.answer({ type: 'request-refused', body });
  assert.deepEqual(now()?.lines[0]?.refusal, { code: 'CP_UNKNOWN' });
  assert.equal(now()?.state, 'FINISHED');
});

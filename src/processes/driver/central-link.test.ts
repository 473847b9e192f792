import assert from 'node:assert/strict';
import { test } from 'node:test';
import { driverToCentralExamples } from '../../messages/examples.ts';
import { createCentralLink, type FromCentral, NoAnswer } from './central-link.ts';

const login = driverToCentralExamples.login;
const refused = (correlationId: string | undefined): FromCentral => ({
  type: 'login-refused',
  body: { code: 'BAD_CREDENTIALS' },
  ...(correlationId ? { correlationId } : {}),
});

test('an answer goes to the request that it names, also when it overtakes the acknowledgement of the send', async () => {
  const ids: string[] = [];
  const link = createCentralLink((_type, _body, { id }) => {
    ids.push(id);
    link.settle(refused(id));
    return new Promise((resolve) => setTimeout(resolve, 5));
  }, 1_000);
  assert.equal((await link.ask('login', login)).type, 'login-refused');
  assert.equal(link.settle(refused(ids[0])), false, 'a second answer finds nobody');
});

test('F-22: two requests at once each get their own answer', async () => {
  const ids: string[] = [];
  const link = createCentralLink(async (_type, _body, { id }) => void ids.push(id), 1_000);
  const [one, two] = [link.ask('login', login), link.ask('login', login)];
  link.settle({ ...refused(ids[1]), type: 'login-refused', body: { code: 'LOCKED' } });
  link.settle(refused(ids[0]));
  const [first, second] = await Promise.all([one, two]);
  assert.deepEqual([first.body, second.body], [{ code: 'BAD_CREDENTIALS' }, { code: 'LOCKED' }]);
});

test('no answer in time, or no channel, is said so', async () => {
  const silent = createCentralLink(async () => undefined, 10);
  await assert.rejects(silent.ask('login', login), NoAnswer);
  const down = createCentralLink(() => Promise.reject(new Error('no channel')), 10);
  await assert.rejects(down.ask('login', login), (error: unknown) => error instanceof NoAnswer && error.canRetry);
});

test('a link that is stopped keeps nobody waiting: a login while Central is away held the end of the process for its whole life', async () => {
  const link = createCentralLink(async () => undefined, 60_000);
  const asking = link.ask('login', login);
  const outcomes: (FromCentral | undefined)[] = [];
  await link.request('login', login, (answer) => outcomes.push(answer));
  link.stop();
  await assert.rejects(asking, NoAnswer);
  assert.deepEqual(outcomes, [undefined]);
  await assert.rejects(link.ask('login', login), NoAnswer);
});

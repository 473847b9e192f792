import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHttpServer } from '../../../io/http/server.ts';
import { createLog } from '../../../io/log.ts';
import { newRandomId } from '../../../io/new-id.ts';
import type { Queries } from '../../../io/postgres/database.ts';
import type { PanelOrder } from '../../../messages/live-stream.ts';
import { createFakeClock } from '../../../testing/fake-clock.ts';
import { ioClockOf } from '../../../testing/io-clock.ts';
import { until } from '../../../testing/until.ts';
import type { Access } from './access.ts';
import type { ApiParts } from './api-parts.ts';
import { addOrderRoutes } from './orders.ts';

const log = createLog('test', { level: 'silent' });

/** The table of orders: a row a point. */
function ordersTable(orderId: string): Queries & { states(): string } {
  const rows = new Map<string, PanelOrder>();
  const insert = (cpIds: string[]) => {
    for (const cpId of cpIds)
      rows.set(cpId, { orderId, cpId, kind: 'STOP', state: 'SENT', orderedBy: 'operator:ana', orderedAtMs: 1 });
    return cpIds.map((cpId) => ({ cpId }));
  };
  const queries = {
    rows: async (sql: string, values: unknown[]) =>
      /^\s*INSERT/.test(sql) ? insert(values[2] as string[]) : [...rows.values()],
    row: async (_sql: string, [, cpId, state]: [string, string, PanelOrder['state']]) => {
      const settled = { ...(rows.get(cpId) as PanelOrder), state };
      rows.set(cpId, settled);
      return { ...settled, code: null, settledAtMs: 2 };
    },
    states: () => [...rows.values()].map(({ cpId, state }) => `${cpId} ${state}`).join(),
  };
  return queries as unknown as Queries & { states(): string };
}

test('an order for many is answered after seconds although a point is not done, which is carried out all the same, and before Central stops: a slow stop of all is no Central that is gone', async () => {
  const clock = createFakeClock();
  const orderId = newRandomId();
  const database = ordersTable(orderId);
  const { promise: isFree, resolve: free } = Promise.withResolvers<void>();
  const parts = {
    ...{ database, log, clock: ioClockOf(clock) },
    points: {
      apply: async (cpId: string) => {
        if (cpId === 'CP002') await isFree;
        return { supply: null, wasKnown: true };
      },
    },
    picture: {
      points: () => [{ cpId: 'CP001' }, { cpId: 'CP002' }],
      supplies: () => [],
      showOrder: () => undefined,
      say: () => undefined,
    },
  } as unknown as ApiParts;
  const access = { requireRole: async () => ({}), actor: () => ({ entity: 'operator:ana' }) } as unknown as Access;
  const app = await createHttpServer({ name: 'test', log });
  addOrderRoutes(app, parts, access);

  let isAnswered = false;
  const asked = app
    .inject({ method: 'POST', url: '/api/orders', payload: { orderId, kind: 'STOP', isForAll: true } })
    .then((answer) => {
      isAnswered = true;
      return answer;
    });
  await until('one is done', () => database.states() === 'CP001 APPLIED,CP002 SENT');
  assert.equal(isAnswered, false, 'a moment is waited for the other');
  clock.advance(3_000);
  const answer = await asked;
  assert.equal(answer.statusCode, 202, answer.body);
  const items = answer.json<{ items: PanelOrder[] }>().items;
  assert.deepEqual(
    items.map(({ cpId, state }) => [cpId, state]),
    [
      ['CP001', 'APPLIED'],
      ['CP002', 'SENT'],
    ],
  );
  let isClosed = false;
  const closing = app.close().then(() => {
    isClosed = true;
  });
  const other = await createHttpServer({ name: 'another', log });
  await other.close();
  assert.equal(isClosed, false, 'who stops carries out first what was answered');
  free();
  await closing;
  assert.equal(database.states(), 'CP001 APPLIED,CP002 APPLIED');
});

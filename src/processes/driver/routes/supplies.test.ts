import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../../../io/clock.ts';
import { createHttpServer } from '../../../io/http/server.ts';
import { createLog } from '../../../io/log.ts';
import type { CentralLink, FromCentral } from '../central-link.ts';
import type { Points } from '../points.ts';
import { createUsers } from '../users.ts';
import { addSupplyRoutes } from './supplies.ts';

const TOKEN = 'a'.repeat(43);
const log = createLog('test', { level: 'silent' });

test('a refusal that names nobody, as while the database is away, still ends the waiting of who asked (F-15)', async () => {
  const users = createUsers({ clock: systemClock, upstream: () => ({ isCentralReachable: true }), dataAtMs: () => 0 });
  const state = { driverId: 'ANA', balanceCents: 0, interruptedSupplies: [], unreadTickets: [], history: [] };
  const user = users.admit(TOKEN, Date.now() + 60_000, state as unknown as Parameters<typeof users.admit>[2]);
  let answer: ((message: FromCentral | undefined) => void) | undefined;
  const link = {
    request: async (_type: string, _body: unknown, onAnswer: typeof answer) => {
      answer = onAnswer;
    },
  } as unknown as CentralLink;
  const app = await createHttpServer({ name: 'test', log, openapi: { title: 'T', description: 'D' } });
  addSupplyRoutes(app, {
    ...{ users, link, cookieName: 'c', hasTls: false, points: {} as Points, log, clock: systemClock },
    isCentralReachable: () => true,
  });
  const asked = await app.inject({
    ...{ method: 'POST', url: '/api/supplies', payload: { cpId: 'CP001' }, cookies: { c: TOKEN } },
  });
  assert.equal(asked.statusCode, 202);
  const { requestId } = asked.json();
  assert.equal(user.me.pendingRequest?.requestId, requestId);
  const body = { requestId, refusal: { code: 'SERVICE_UNAVAILABLE' } };
  answer?.({ type: 'request-refused', body } as unknown as FromCentral);
  assert.equal(user.me.pendingRequest, undefined);
  const { atMs: _, requestedAtMs: __, ...told } = user.me.lastRefusal ?? { atMs: 0, requestedAtMs: 0 };
  assert.deepEqual(told, { requestId, cpId: 'CP001', refusal: { code: 'SERVICE_UNAVAILABLE' } });
  users.stop();
  await app.close();
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FastifyRequest } from 'fastify';
import { systemClock } from '../../../io/clock.ts';
import type { Queries } from '../../../io/postgres/database.ts';
import { createAccess } from './access.ts';
import type { ApiParts } from './api-parts.ts';

const TOKEN = 'x'.repeat(43);
const audited: string[] = [];
const settled = () => new Promise((resolve) => setImmediate(resolve));

/** The API of a Central whose database knows one machine token of these scopes. */
function accessOf(isPanelPublic: boolean, scopes: string[] = []) {
  const database = { row: async () => ({ name: 'viewer', scopes }) } as unknown as Queries;
  const audit = { record: (entry: { action: string }) => audited.push(entry.action) };
  return createAccess({ isPanelPublic, database, audit, clock: systemClock } as unknown as ApiParts);
}

function requestWith(headers: Record<string, string> = {}): FastifyRequest {
  const request = { headers, cookies: {}, url: '/api/charging_points?x=1', method: 'GET', ip: '127.0.0.1', id: '1' };
  return request as unknown as FastifyRequest;
}

test('D-15 R2-05: anyone may read a public panel; with PANEL_PUBLIC=false only logins and tokens of the scope, and that is audited', async () => {
  assert.deepEqual(await accessOf(true).requireReader(requestWith()), { kind: 'anybody' });
  await assert.rejects(accessOf(false).requireReader(requestWith()), { status: 401, code: 'LOGIN_REQUIRED' });
  assert.equal(audited.length, 1);
  const request = requestWith({ authorization: `Bearer ${TOKEN}` });
  assert.equal((await accessOf(false, ['points:read']).requireReader(request)).kind, 'machine');
  await assert.rejects(accessOf(false, ['audit:read']).requireReader(request), { status: 403, code: 'SCOPE_MISSING' });
});

test('a token that is looked up while its revocation is told is not remembered: it was good for half a minute more', async () => {
  const rows: PromiseWithResolvers<{ name: string; scopes: string[] } | undefined>[] = [];
  const database = {
    row: () => {
      const row = Promise.withResolvers<{ name: string; scopes: string[] } | undefined>();
      rows.push(row);
      return row.promise;
    },
  };
  const access = createAccess({
    database,
    audit: { record: () => undefined },
    clock: systemClock,
  } as unknown as ApiParts);
  const request = requestWith({ authorization: `Bearer ${TOKEN}` });
  const early = access.caller(request);
  await settled();
  access.forgetMachines();
  rows[0]?.resolve({ name: 'viewer', scopes: [] });
  assert.equal((await early).kind, 'machine', 'it asked before');
  const late = access.caller(request);
  await settled();
  assert.equal(rows.length, 2);
  rows[1]?.resolve(undefined);
  await assert.rejects(late, { status: 401, code: 'BAD_TOKEN' });
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FastifyRequest } from 'fastify';
import { systemClock } from '../../../io/clock.ts';
import type { Queries } from '../../../io/postgres/database.ts';
import { createAccess } from './access.ts';
import type { ApiParts } from './api-parts.ts';

const TOKEN = 'x'.repeat(43);
const audited: string[] = [];

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

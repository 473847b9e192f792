import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HttpApp } from '../../../io/http/server.ts';
import type { Access } from './access.ts';
import type { ApiParts } from './api-parts.ts';
import { addLiveRoute } from './live.ts';

type Opening = (socket: object, request: { query: object }) => Promise<void>;

test('a stream that was closed while its login was looked up is neither kept nor asked after', async () => {
  const handlers: Opening[] = [];
  const app = { get: (_path: string, _options: object, handler: Opening) => handlers.push(handler) };
  let asked = 0;
  const answer = Promise.withResolvers<void>();
  const access = {
    requireRoleOrScope: () => {
      asked += 1;
      return answer.promise;
    },
  };
  const attached: object[] = [];
  const feeds = { public: { attach: (socket: object) => attached.push(socket) } };
  const live = addLiveRoute(
    app as unknown as HttpApp,
    { picture: { feeds } } as unknown as ApiParts,
    access as unknown as Access,
  );
  const socketOf = (readyState: number) => ({ readyState, once: () => undefined, close: () => undefined });
  const [gone, there] = [socketOf(3), socketOf(1)];
  const opening = [gone, there].map((socket) => handlers[0]?.(socket, { query: {} }));
  answer.resolve();
  await Promise.all(opening);
  assert.deepEqual(attached, [there]);
  await live.recheck();
  assert.equal(asked, 3, 'twice at the beginning, once for the one that is there');
});

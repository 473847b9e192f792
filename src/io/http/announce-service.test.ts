import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { systemClock } from '../clock.ts';
import { createLog } from '../log.ts';
import { announceService } from './announce-service.ts';

test('S-REG-12 a service is taken out of the directory after its last announcement, never before', async () => {
  const asked: string[] = [];
  let answerPut: ServerResponse | undefined;
  const registry = createServer((request, response) => {
    asked.push(request.method ?? '');
    if (request.method === 'PUT') answerPut = response;
    else response.writeHead(204).end();
  });
  registry.listen(0, '127.0.0.1');
  await once(registry, 'listening');
  const registryUrl = `http://127.0.0.1:${(registry.address() as AddressInfo).port}`;
  const log = createLog('test', { level: 'silent' });
  const announced = announceService(
    { registryUrl, caFile: '', token: 't', clock: systemClock, log },
    { kind: 'driver', url: 'http://127.0.0.1:5100', version: '1' },
  );
  await once(registry, 'request');
  const stopping = announced.stop();
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.deepEqual(asked, ['PUT']);
  answerPut?.writeHead(204).end();
  await stopping;
  assert.deepEqual(asked, ['PUT', 'DELETE']);
  registry.close();
  registry.closeAllConnections();
});

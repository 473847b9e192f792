import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { type HostPlace, networkFiles, planNetwork } from '../network-plan.ts';
import { neededBy, notReached } from './needed-addresses.ts';

function planOf(role: HostPlace['role'], change: Partial<HostPlace> = {}) {
  const place: HostPlace = {
    ...{ role, varFolder: '/v', host: '10.0.0.2', publicHost: '10.0.0.2', centralHost: '10.0.0.1', brokers: undefined },
    ...{ ports: {}, pointIds: [], driverIds: [] },
    ...change,
  };
  return planNetwork({ projectFolder: '/p', points: 0, drivers: 0, place, env: {} });
}
const TWO_CENTRALS = {
  centralApiUrls: ['https://10.0.0.1:8021', 'https://[fd00::4]:8021'],
  centralSockets: ['10.0.0.1:8020', '[fd00::4]:8020'],
  registryUrl: 'https://10.0.0.3:5002',
};

test('a computer of points needs both Centrals, Registry and the broker; one of drivers the broker alone', () => {
  const needed = neededBy(planOf('POINTS', { told: TWO_CENTRALS })).map(({ what, host, port }) => [what, host, port]);
  assert.deepEqual(needed, [
    ["Central's API", '10.0.0.1', 8021],
    ["Central's API", 'fd00::4', 8021],
    ["Central's sockets", '10.0.0.1', 8020],
    ["Central's sockets", 'fd00::4', 8020],
    ['Registry', '10.0.0.3', 5002],
    ['Kafka', '10.0.0.1', 9092],
  ]);
  assert.deepEqual(
    neededBy(planOf('DRIVERS', { told: TWO_CENTRALS })).map(({ what }) => what),
    ['Kafka'],
  );
});

test('Registry and a further Central need the database, each where its join has written it', (t) => {
  const varFolder = mkdtempSync(join(tmpdir(), 'ev-needed-'));
  t.after(() => rmSync(varFolder, { recursive: true, force: true }));
  const files = networkFiles({ varFolder, projectFolder: varFolder });
  mkdirSync(files.secrets);
  writeFileSync(files.registryDatabaseUrl, 'postgres://registry@10.0.0.1:5432/ev\n');
  writeFileSync(files.centralDatabaseUrl, 'postgres://central@[fd00::1]:5433/ev\n');
  const addresses = (role: HostPlace['role']) =>
    neededBy(planOf(role, { varFolder })).map(({ what, host, port }) => `${what} ${host}:${port}`);
  assert.deepEqual(addresses('REGISTRY'), ["Central's API 10.0.0.1:8021", 'PostgreSQL 10.0.0.1:5432']);
  assert.deepEqual(addresses('CENTRAL'), [
    "Central's API 10.0.0.1:8021",
    'PostgreSQL fd00::1:5433',
    'Kafka 10.0.0.1:9092',
  ]);
});

test('the computer that holds the data needs no other', async () => {
  assert.deepEqual(await notReached(planOf('CENTRAL', { centralHost: undefined })), []);
});

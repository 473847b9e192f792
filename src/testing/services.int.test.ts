import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import pg from 'pg';
import { isBrokerAnswering } from '../io/channels/broker-probe.ts';
import { isDatabaseAnswering } from '../io/postgres/server-probe.ts';
import { type AcquiredServices, acquireServices, createTestDatabase, uniqueZone } from './services.ts';
import { untilAsked } from './until.ts';

let services: AcquiredServices;
before(async () => {
  services = await acquireServices();
});
after(() => services.release());

test('a test gets a broker that answers and a database server that takes logins', async () => {
  const [host = '', port] = services.brokers.split(':');
  await untilAsked('the broker answers', () => isBrokerAnswering(host, Number(port)));
  const url = new URL(services.adminDatabaseUrl);
  await untilAsked('the database takes logins', () => isDatabaseAnswering(url.hostname, Number(url.port)));
});

test('two test databases do not see each other, and a dropped one is gone even with a connection open', async () => {
  const [first, second] = await Promise.all([
    createTestDatabase(services.adminDatabaseUrl),
    createTestDatabase(services.adminDatabaseUrl),
  ]);
  const client = new pg.Client({ connectionString: first.url });
  client.on('error', () => {});
  await client.connect();
  await client.query('CREATE TABLE only_here (id int)');
  const other = new pg.Client({ connectionString: second.url });
  await other.connect();
  await assert.rejects(other.query('SELECT * FROM only_here'), { code: '42P01' });
  await other.end();
  await Promise.all([first.drop(), second.drop()]);
  await assert.rejects(new pg.Client({ connectionString: first.url }).connect(), { code: '3D000' });
  await client.end().catch(() => {});
});

test('the database asks for a password', async () => {
  const url = new URL(services.adminDatabaseUrl);
  url.password = 'wrong';
  await assert.rejects(new pg.Client({ connectionString: url.href }).connect(), { code: '28P01' });
});

test('zones are valid and differ', () => {
  const zones = Array.from({ length: 200 }, uniqueZone);
  assert.equal(new Set(zones).size, zones.length);
  for (const zone of zones) assert.match(zone, /^[A-Z][A-Z0-9]{1,7}$/);
});

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { ChannelWorld } from '../../testing/channel-parts.ts';
import { type AcquiredServices, acquireServices, uniqueZone } from '../../testing/services.ts';
import type { Lease } from '../channels/lease-store.ts';

const HOUR_MS = 3_600_000;
let services: AcquiredServices;
let world: ChannelWorld;

before(async () => {
  services = await acquireServices();
  world = await ChannelWorld.create({ ...services, zone: uniqueZone() });
});
after(async () => {
  await world.close();
  await services.release();
});

const lease = (more: Partial<Lease> = {}): Lease => ({
  leaseId: randomUUID(),
  clientId: 'cp:CP001',
  zone: world.zone,
  channelNumber: 3,
  partition: 1,
  bootId: randomUUID(),
  startsAtMs: Date.now(),
  expiresAtMs: Date.now() + 600_000,
  ...more,
});

test('a lease is found again as it was written, its sealed session key too, and its id only once', async () => {
  const written = lease({ clientId: 'driver:DRV001', sessionKeySealed: Buffer.from('sealed') });
  assert.equal(await world.leases.insert(written), true);
  assert.equal(await world.leases.insert({ ...written, channelNumber: 4 }), false);
  assert.deepEqual(await world.leases.byId(written.leaseId), written);
  assert.equal(await world.leases.byId(randomUUID()), undefined);
});

test('the newest live lease counts; leases of other boots end with a new one; lapsed ones still open records', async () => {
  const nowMs = Date.now();
  const former = lease({ startsAtMs: nowMs - 20_000 });
  const newest = lease({ startsAtMs: nowMs - 10_000 });
  const lapsed = lease({ startsAtMs: nowMs - 1_000, expiresAtMs: nowMs - 1 });
  for (const one of [former, newest, lapsed]) await world.leases.insert(one);
  assert.equal((await world.leases.newestLive('cp:CP001', nowMs))?.leaseId, newest.leaseId);
  await world.leases.endOtherBoots('cp:CP001', former.bootId);
  assert.equal((await world.leases.newestLive('cp:CP001', nowMs))?.leaseId, former.leaseId);
  assert.equal((await world.leases.byId(lapsed.leaseId))?.leaseId, lapsed.leaseId);
});

test('a client counts once in the load of a place; sweeping ends lapsed leases and forgets old ones', async () => {
  const nowMs = Date.now();
  const place = { channelNumber: 7, partition: 0 };
  const old = lease({
    ...place,
    clientId: 'cp:CP009',
    expiresAtMs: nowMs - 3 * HOUR_MS,
    startsAtMs: nowMs - 4 * HOUR_MS,
  });
  const lapsed = lease({ ...place, clientId: 'cp:CP008', expiresAtMs: nowMs - 1 });
  const twice = [lease({ ...place, clientId: 'cp:CP007' }), lease({ ...place, clientId: 'cp:CP007' })];
  for (const one of [old, lapsed, ...twice]) await world.leases.insert(one);
  const loadOf = async () =>
    (await world.leases.loads(world.zone)).find((load) => load.channelNumber === 7 && load.partition === 0)?.clients;
  assert.equal(await loadOf(), 3);
  await world.leases.sweep(nowMs);
  assert.equal(await loadOf(), 1);
  assert.equal(await world.leases.byId(old.leaseId), undefined);
  assert.ok(await world.leases.byId(lapsed.leaseId));
});

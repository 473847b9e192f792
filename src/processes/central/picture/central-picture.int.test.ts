import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { newRandomId, newTimeOrderedId } from '../../../io/new-id.ts';
import { NOTICES } from '../../../io/postgres/notices.ts';
import { type CentralWorld, createCentralWorld } from '../../../testing/central-world.ts';
import { until } from '../../../testing/until.ts';
import type { RunningCentral } from '../central.ts';

const ACTOR = { entity: 'test' };
let world: CentralWorld;
let first: RunningCentral;
let second: RunningCentral;

before(async () => {
  world = await createCentralWorld();
  await world.addPoint('CP001');
  await world.addPoint('CP002');
  [first, second] = [await world.start(), await world.start({ replicaName: 'central-2' })];
});
after(() => world.stop());

const stateIn = (central: RunningCentral, cpId = 'CP001') => central.rooms.picture.point(cpId)?.state;

test('F-29 after a start every point is disconnected until its Monitor speaks', () => {
  assert.deepEqual([stateIn(first), stateIn(second)], ['DISCONNECTED', 'DISCONNECTED']);
});

test('what one Central writes, the other shows too', async () => {
  await world.connect(first, 'CP001');
  await until('both show it', () => stateIn(first) === 'AVAILABLE' && stateIn(second) === 'AVAILABLE');
});

test('S-CEN-17 a running supply and its figures are in both views, addresses and who set a hold in one', async () => {
  await world.addDriver('DRV001');
  const requestId = newRandomId();
  const supplyId = newTimeOrderedId();
  const asked = {
    requestId,
    clientId: 'driver:DRV900',
    driverId: 'DRV001',
    origin: 'APP',
    supplyId,
    isExpired: false,
  } as const;
  await first.rooms.requests.request('CP001', asked, ACTOR);
  await first.rooms.points.apply('CP001', { hold: { add: 'OPERATOR' } }, { entity: 'operator:ana' });
  await first.rooms.picture.settled();
  const views = [first.rooms.picture.feeds.public.snapshot(), first.rooms.picture.feeds.operator.snapshot()];
  for (const { collections } of views) {
    assert.ok(JSON.stringify(collections.supplies).includes('DRV001'));
    assert.ok(JSON.stringify(collections.points).includes('"pendingReasons":["OPERATOR"]'));
  }
  const [publicView, operatorView] = views.map((view) => JSON.stringify(view.collections.points));
  assert.ok(operatorView!.includes('operator:ana') && operatorView!.includes('127.0.0.1'));
  assert.ok(!publicView!.includes('operator:ana') && !publicView!.includes('127.0.0.1'));
});

test('a refusal is shown and nobody’s name is', async () => {
  const supplyId = newTimeOrderedId();
  const asked = {
    requestId: newRandomId(),
    clientId: 'cp:CP001',
    driverId: null,
    origin: 'POINT',
    supplyId,
    isExpired: false,
  } as const;
  await first.rooms.requests.request('CP001', asked, ACTOR);
  const text = JSON.stringify(first.rooms.picture.feeds.public.snapshot());
  assert.ok(text.includes('CP_BUSY') && !text.includes('Ana'));
});

test('F-27 the points of a Central that dies are disconnected in the others within its heartbeat', async () => {
  await world.connect(second, 'CP002');
  await until('available', () => stateIn(first, 'CP002') === 'AVAILABLE');
  await second.stop();
  await until('disconnected', () => stateIn(first, 'CP002') === 'DISCONNECTED', 7_000);
  assert.equal(stateIn(first), 'CHARGING');
  const supplyId = newTimeOrderedId();
  const asked = {
    requestId: newRandomId(),
    clientId: 'cp:CP002',
    driverId: null,
    origin: 'POINT',
    supplyId,
    isExpired: false,
  } as const;
  assert.equal((await first.rooms.requests.request('CP002', asked, ACTOR)).refusal?.code, 'CP_DISCONNECTED');
});

test('S-CEN-10 points that Registry creates, edits and retires are followed without a restart', async () => {
  await world.addPoint('CP003');
  const notify = (cpId: string) => world.database.run('SELECT pg_notify($1, $2)', [NOTICES.pointChanged, cpId]);
  await notify('CP003');
  await until('it is there', () => stateIn(first, 'CP003') === 'DISCONNECTED');
  await world.database.run("UPDATE charging_points SET retired_at = now() WHERE cp_id = 'CP003'");
  await notify('CP003');
  await until('it is gone', () => stateIn(first, 'CP003') === undefined);
});

test('the modules show broker, database and every Central', async () => {
  await until('modules', () => {
    const { modules } = first.rooms.picture.feeds.operator.snapshot().collections;
    const kinds = Object.values(modules ?? {}).map((one) => (one as { kind: string }).kind);
    return ['central', 'kafka', 'database'].every((kind) => kinds.includes(kind));
  });
});

test("the modules leave out the points' pages, of which a large network has thousands, and keep what comes after them", async () => {
  await world.database.run(
    `INSERT INTO service_instances (instance_id, kind, url, version, started_at, heartbeat_at)
      SELECT gen_random_uuid(), kind, 'http://127.0.0.1:' || n, '1', now(), now() + interval '1 minute'
      FROM (SELECT 'point-web' AS kind, generate_series(10000, 10300) AS n UNION ALL SELECT 'registry', 5002)`,
  );
  const kinds = () => {
    const { modules } = first.rooms.picture.feeds.operator.snapshot().collections;
    return new Set(Object.values(modules ?? {}).map((one) => (one as { kind: string }).kind));
  };
  await until('Registry is shown', () => kinds().has('registry'));
  assert.equal(kinds().has('point-web'), false);
});

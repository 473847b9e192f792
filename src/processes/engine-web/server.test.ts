import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { systemClock } from '../../io/clock.ts';
import { readConfig } from '../../io/config.ts';
import { createHttpClient, type HttpClient } from '../../io/http/client.ts';
import { type LiveReader, startLiveReader } from '../../io/live/live-reader.ts';
import { createLog } from '../../io/log.ts';
import type { LiveFrame, LiveHello } from '../../messages/live-stream.ts';
import { PointWorld } from '../../testing/point-world.ts';
import { until } from '../../testing/until.ts';
import { startEngineApi } from '../engine/api.ts';
import type { Engine } from '../engine/engine-parts.ts';
import { startMonitorApi } from '../monitor/api.ts';
import { engineWebSettings } from './config.ts';
import { startEngineWeb } from './server.ts';

const log = createLog('test', { level: 'silent' });
const common = { clock: systemClock, log };

let world: PointWorld;
let engine: Engine;
let engineApi: { port: number; stop(): Promise<void> };
let web: { port: number; stop(): Promise<void> };
let page: HttpClient;
let stops: (() => unknown)[];
beforeEach(async () => {
  world = await PointWorld.create();
  world.isGreeting = true;
  await world.startCentral();
  const monitor = world.startMonitor();
  engine = await world.startEngine();
  engineApi = await startEngineApi({ ...common, engine, port: 0 });
  const monitorApi = await startMonitorApi({ ...common, monitor, port: 0 });
  const config = readConfig(engineWebSettings, {
    ENGINE_API_URL: `http://127.0.0.1:${engineApi.port}`,
    MONITOR_API_URL: `http://127.0.0.1:${monitorApi.port}`,
    ENGINE_WEB_PORT: '0',
  });
  web = await startEngineWeb(config, { ...common, hasPages: false });
  page = createHttpClient({ baseUrl: `http://127.0.0.1:${web.port}` });
  stops = [() => web.stop(), () => engineApi.stop(), () => monitorApi.stop(), () => world.close()];
  await until('ready', () => engine.view().startBlockedBy === undefined);
});
afterEach(async () => {
  for (const stop of stops) await stop();
});

function watchPage(): {
  frames: LiveFrame[];
  newest(feed: string): Record<string, unknown> | undefined;
  reader: LiveReader;
} {
  const frames: LiveFrame[] = [];
  const newest = (feed: string) => {
    let entity: unknown;
    for (const frame of frames.filter((one) => one.feed === feed)) {
      if (frame.type === 'hello') entity = frame.snapshot[feed]?.[feed];
      if (frame.type === 'changes') entity = frame.changes.findLast(([name]) => name === feed)?.[2] ?? entity;
    }
    return entity as Record<string, unknown> | undefined;
  };
  const reader = startLiveReader({
    ...{ ...common, urls: [`ws://127.0.0.1:${web.port}/live`], onLink: () => undefined },
    onFrame: (frame) => void frames.push(frame),
  });
  stops.unshift(() => reader.stop());
  return { frames, newest, reader };
}

describe('a point’s web', () => {
  it('tells both halves in one stream and forwards what the page does', async () => {
    const live = watchPage();
    await until(
      'both halves',
      () => live.newest('engine')?.cpId === 'CP001' && live.newest('monitor')?.cpId === 'CP001',
    );
    const refused = await page.send('POST', '/api/engine/plug');
    assert.deepEqual([refused.status, (refused.body as { code: string }).code], [409, 'NOT_AUTHORISED']);
    assert.match(String(refused.headers['content-type']), /problem\+json/);
    assert.equal((await page.send('POST', '/api/engine/out-of-service', { body: { isHeld: true } })).status, 200);
    await until('shown', () => live.newest('engine')?.isLocalHold === true);
    const blocked = await page.send('POST', '/api/engine/start', { body: {} });
    assert.equal((blocked.body as { code: string }).code, 'LOCAL_HOLD');
    await page.send('POST', '/api/engine/out-of-service', { body: { isHeld: false } });
    assert.equal((await page.send('POST', '/api/engine/start')).status, 200);
    await until('requesting', () => live.newest('engine')?.phase === 'REQUESTING');
    assert.equal((await page.send('POST', '/api/engine/cancel')).status, 200);
    const state = await page.send('GET', '/api/monitor/state');
    assert.equal((state.body as { isRegistered: boolean }).isRegistered, true);
    assert.equal(JSON.stringify(state.body).includes(world.credential!.secret), false, 'no secret is shown');
    assert.equal((await page.send('POST', '/api/monitor/authenticate', { body: { intent: 'NEW_KEY' } })).status, 202);
    assert.equal((await page.send('POST', '/api/monitor/authenticate', { body: { intent: 'X' } })).status, 400);
  });

  it('D-18 F-59 keeps the last state with its age when the engine is gone', async () => {
    const earlier = watchPage();
    await until('known', () => earlier.newest('engine')?.cpId === 'CP001');
    await engineApi.stop();
    const isGone = (frame: LiveFrame) =>
      frame.type === 'beat' && frame.feed === 'engine' && frame.upstream.isEngineReachable === false;
    await until('noticed', () => earlier.frames.some(isGone));
    const live = watchPage();
    await until('both halves', () => live.newest('engine') !== undefined && live.newest('monitor') !== undefined);
    assert.equal(live.newest('engine')?.cpId, 'CP001');
    const hello = live.frames.find((frame) => frame.type === 'hello' && frame.feed === 'engine') as LiveHello;
    assert.equal(hello.upstream.isEngineReachable, false);
    assert.ok(hello.dataAtMs <= hello.serverTimeMs && hello.dataAtMs > 0);
    const gone = await page.send('POST', '/api/engine/start');
    assert.deepEqual([gone.status, (gone.body as { code: string }).code], [503, 'ENGINE_UNREACHABLE']);
    assert.equal((await page.send('GET', '/readyz')).status, 200, 'S-CON-07 the pages stay');
  });

  it('answers no page of another origin, neither here nor at the local APIs', async () => {
    const foreign = { headers: { origin: 'https://elsewhere.example' } };
    assert.equal((await page.send('POST', '/api/engine/start', foreign)).status, 403);
    const local = createHttpClient({ baseUrl: `http://127.0.0.1:${engineApi.port}` });
    assert.equal((await local.send('POST', '/api/start', foreign)).status, 403);
    const rebound = { headers: { host: 'elsewhere.example' } };
    assert.equal((await local.send('GET', '/api/state', rebound)).status, 403);
    assert.equal((await local.send('GET', '/api/state')).status, 200);
    assert.equal(engine.view().phase, 'IDLE');
  });
});

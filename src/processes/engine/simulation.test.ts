import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { systemClock } from '../../io/clock.ts';
import { createHttpClient } from '../../io/http/client.ts';
import { createLog } from '../../io/log.ts';
import { newRandomId } from '../../io/new-id.ts';
import { PointWorld } from '../../testing/point-world.ts';
import { until } from '../../testing/until.ts';
import { startEngineApi } from './api.ts';
import type { Engine } from './engine-parts.ts';

let world: PointWorld;
let engine: Engine;
beforeEach(async () => {
  world = await PointWorld.create();
  world.isGreeting = true;
  await world.startCentral();
  world.startMonitor();
  engine = await world.startEngine();
  await until('ready', () => engine.view().startBlockedBy === undefined);
});
afterEach(() => world.close());

async function accept(): Promise<string> {
  const supplyId = newRandomId();
  world.channel.deliver('start-supply', {
    ...{ supplyId, requestId: newRandomId(), driverId: 'USR001', origin: 'APP', priceE4PerKwh: 4_500 },
    expiresAtMs: world.channel.centralNowMs() + 5_000,
  });
  await until('accepted', () => world.channel.last('supply-accepted')?.supplyId === supplyId);
  return supplyId;
}

const authorise = (supplyId: string) =>
  world.channel.deliver('supply-authorised', { supplyId, plugDeadlineAtMs: Date.now() + 120_000 });

describe('the hand at the point', () => {
  it('who plugs in while the authorisation is on its way is not told no', async () => {
    const api = await startEngineApi({
      engine,
      port: 0,
      clock: systemClock,
      log: createLog('test', { level: 'silent' }),
    });
    try {
      const page = createHttpClient({ baseUrl: `http://127.0.0.1:${api.port}` });
      assert.equal((await page.send('POST', '/api/plug')).status, 409, 'nothing is on its way');
      const supplyId = await accept();
      const plugged = page.send('POST', '/api/plug');
      authorise(supplyId);
      assert.equal((await plugged).status, 200);
      assert.equal(engine.view().phase, 'CHARGING');
    } finally {
      await api.stop();
    }
  });

  it('a speed that changes in mid-charge counts from then on, and the page is told of every simulation', async () => {
    const supplyId = await accept();
    assert.equal(engine.simulate({ autoPlugMs: 1, autoUnplugMs: 0 }), undefined);
    authorise(supplyId);
    await until('plugged by itself', () => engine.view().phase === 'CHARGING');
    await until('energy', () => (engine.view().supply?.energyWh ?? 0) > 0);
    const slowWh = engine.view().supply?.energyWh ?? 0;
    engine.simulate({ speed: 60 });
    assert.equal(engine.view().simulation.speed, 60);
    const atChangeWh = engine.view().supply?.energyWh ?? 0;
    assert.ok(atChangeWh < slowWh + 50, 'what was drawn before is not drawn again faster');
    await until('much faster', () => (engine.view().supply?.energyWh ?? 0) > atChangeWh + 300);
    assert.ok((engine.view().supply?.curve?.length ?? 0) > 0);
    engine.simulate({ autoUnplugMs: 1 });
    await until('unplugged by itself', () => engine.view().phase === 'ENDED');
  });

  it('a link cut by hand ends no charge; mended, the channel comes back under the same key', async () => {
    const supplyId = await accept();
    authorise(supplyId);
    await until('authorised', () => engine.plug() === undefined);
    engine.simulate({ isLinkCut: true });
    assert.deepEqual([engine.view().isChannelUp, engine.view().simulation.isLinkCut], [false, true]);
    const before = engine.view().supply?.energyWh ?? 0;
    await until('it charges on', () => (engine.view().supply?.energyWh ?? 0) > before);
    engine.unplug();
    assert.equal(engine.view().unacknowledgedCount, 1);
    engine.simulate({ isLinkCut: false });
    await until('channel', () => engine.view().isChannelUp);
    assert.equal(world.channel.greet().unacknowledged[0]?.supplyId, supplyId);
  });
});

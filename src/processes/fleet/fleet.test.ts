import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { systemClock } from '../../io/clock.ts';
import { readConfig } from '../../io/config.ts';
import { newToken } from '../../io/crypto/tokens.ts';
import { createLog } from '../../io/log.ts';
import { newRandomId } from '../../io/new-id.ts';
import { PointWorld } from '../../testing/point-world.ts';
import { ScriptedChannel } from '../../testing/scripted-channel.ts';
import { until } from '../../testing/until.ts';
import { fleetArguments, fleetSettings } from './config.ts';
import { type Fleet, startFleet } from './fleet.ts';

let world: PointWorld;
let fleet: Fleet;
beforeEach(async () => {
  world = await PointWorld.create();
  await world.startCentral();
});
afterEach(async () => {
  await fleet.stop();
  await world.close();
});

const CPS = 20;

/** Answers as Central would: accepts every request and authorises it. */
class GenerousChannel extends ScriptedChannel {
  override async send(type: string, body: unknown, options = {}): Promise<void> {
    await super.send(type, body, options);
    if (type === 'supply-requested') {
      const { requestId } = body as { requestId: string };
      const order = { supplyId: newRandomId(), requestId, origin: 'POINT' as const, priceE4PerKwh: 4_500 };
      setImmediate(() => this.deliver('start-supply', { ...order, expiresAtMs: this.centralNowMs() + 5_000 }));
    }
    if (type === 'supply-accepted') {
      const { supplyId } = body as { supplyId: string };
      setImmediate(() => this.deliver('supply-authorised', { supplyId, plugDeadlineAtMs: Date.now() + 60_000 }));
    }
  }
}

async function start(): Promise<ScriptedChannel[]> {
  const channels: ScriptedChannel[] = [];
  const config = readConfig(fleetSettings, {
    ...{ FLEET_CPS: String(CPS), FLEET_CHARGING: '5', AUTO_PLUG_MS: '50', EV_DATA_DIR: world.folder },
    ...{ CENTRAL_SOCKETS: `127.0.0.1:${world.centralPort}`, KAFKA_BROKERS: '127.0.0.1:1' },
  });
  fleet = await startFleet(config, {
    ...{ clock: systemClock, log: createLog('test', { level: 'silent' }), audit: world.audit },
    caPem: world.authority.certificatePem,
    startChannel: (options) => {
      const channel = new GenerousChannel(options);
      channels.push(channel);
      setImmediate(() => channel.greet());
      return channel;
    },
  });
  return channels;
}

describe('a fleet', () => {
  it('brings many points up in one process, and some of them charge', async () => {
    mkdirSync(world.folder, { recursive: true });
    const lines = Array.from({ length: CPS }, (_, index) => ({
      ...{ cpId: `FL${String(index + 1).padStart(5, '0')}`, secret: newToken(), registeredAtMs: 1 },
    }));
    writeFileSync(join(world.folder, 'credentials.ndjson'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    const channels = await start();
    await until('all up', () => fleet.status().channelUp === CPS && fleet.status().engineOk === CPS);
    await until('five charge', () => fleet.status().charging === 5);
    await until('readings', () => channels.filter((channel) => channel.count('meter-reading') >= 1).length === 5);
    assert.equal(fleet.status().connected, CPS);
    assert.equal(new Set(channels.map(({ options }) => options.clientId)).size, CPS);
  });

  it('takes --cps', () => {
    assert.deepEqual(fleetArguments(['--cps', '1000']), ['1000']);
    fleet = { points: [], status: () => assert.fail(), stop: async () => undefined };
  });
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createActivityLog } from '../../io/live/activity-log.ts';
import { createLog } from '../../io/log.ts';
import { newRandomId } from '../../io/new-id.ts';
import { countingClock } from '../../testing/counting-clock.ts';
import { createFakeClock } from '../../testing/fake-clock.ts';
import { ioClockOf } from '../../testing/io-clock.ts';
import type { CentralChannel } from './central-channel.ts';
import { EngineCore } from './engine-core.ts';
import type { EngineParts } from './engine-parts.ts';
import { EngineTime } from './engine-time.ts';

const AUTO_PLUG_MS = 1_000;

test('an authorisation that comes while the engine stops plugs nothing in: its meter would run for ever', async () => {
  const fake = createFakeClock();
  const counted = countingClock(ioClockOf(fake));
  const { clock } = counted;
  const onDisk = Promise.withResolvers<void>();
  const parts = {
    ...{ clock, log: createLog('test', { level: 'silent' }), audit: { record: () => undefined } },
    journal: { takeEntries: () => [], append: () => onDisk.promise },
  } as unknown as EngineParts;
  const channel = { send: async () => undefined, closeIfRevoked: () => undefined } as unknown as CentralChannel;
  const core = new EngineCore({
    ...{ cpId: 'CP001', bootId: newRandomId(), parts, channel, time: new EngineTime(clock) },
    settings: {
      ...{ pairingToken: '', ownBrokers: '', speed: 1, autoPlugMs: AUTO_PLUG_MS, autoUnplugMs: 0 },
      vehicle: { batteryWh: 60_000, levelPercentAtPlug: 20, maxPowerW: 50_000 },
    },
    activity: createActivityLog(clock),
    onChange: () => undefined,
  });
  const supplyId = newRandomId();
  core.apply({ kind: 'key-changed', hasKey: true });
  core.apply({ kind: 'monitor-asked', isCentralReachable: true });
  core.apply({
    ...{ kind: 'start-supply', supplyId, requestId: newRandomId(), origin: 'POINT', driverId: null },
    ...{ priceE4PerKwh: 4_500, expiresAtMs: fake.nowMs() + 15_000 },
  });
  assert.equal(core.state.current?.phase, 'ACCEPTED');
  const stopping = core.stop();
  core.apply({ kind: 'supply-authorised', supplyId });
  onDisk.resolve();
  await stopping;
  fake.advance(2 * AUTO_PLUG_MS);
  assert.equal(core.state.current?.phase, 'ACCEPTED', 'as the journal has it: hello tells of it next time');
  assert.equal(counted.repeating, 0);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLog } from '../../../io/log.ts';
import { newRandomId } from '../../../io/new-id.ts';
import { countingClock } from '../../../testing/counting-clock.ts';
import { createFakeClock } from '../../../testing/fake-clock.ts';
import { ioClockOf } from '../../../testing/io-clock.ts';
import { createPicture, type PictureParts } from './central-picture.ts';

const settled = () => new Promise((resolve) => setImmediate(resolve));

/** A point's row at this address; retired or not. */
const row = (address: string, retiredAt: Date | null = null) => ({
  ...{ cp_id: 'CP001', zone: 'ALC', location_id: 1, city: 'Alicante', country: 'ES', address, latitude: null },
  ...{ longitude: null, price_e4_per_kwh: 4_500, max_power_w: 50_000, revision: 1, retired_at: retiredAt },
  ...{ monitor_replica_id: null, monitor_lost_at: null, version: 1, holds: [], is_registered: true, active_key: null },
  ...{ open_supply: null, snapshot: null, temperature_cc: null, observed_at: null, is_simulated: false },
  ...{ min_cc: 0, max_cc: 4_000, weather_alert: null, engine_fault_code: null, monitor_address: null },
});

function setUp() {
  const counted = countingClock(ioClockOf(createFakeClock()));
  const answers: ((rows: object[]) => void)[] = [];
  const database = { rows: () => new Promise<object[]>((resolve) => answers.push(resolve)) };
  const picture = createPicture({
    ...{ database, clock: counted.clock, log: createLog('test', { level: 'silent' }), replicaId: newRandomId() },
    readings: { newest: () => undefined, drop: () => undefined, takeChanged: () => [] },
    news: { message: () => undefined, order: () => undefined, refusal: () => undefined },
    ...{ plugTimeoutMs: 1_000, upstream: () => ({}), onCard: () => undefined, onZone: () => undefined },
  } as unknown as PictureParts);
  return { picture, answers, counted };
}

test('what was read of one point while all were being read is newer, whichever answer comes first', async () => {
  const { picture, answers } = setUp();
  const loading = picture.load();
  picture.refresh(['CP001']);
  await settled();
  answers[1]?.([row('Calle Nueva')]);
  await settled();
  answers[0]?.([row('Calle Vieja')]);
  await loading;
  assert.equal(picture.point('CP001')?.address, 'Calle Nueva');
  assert.equal(answers.length, 2);
  const again = picture.load();
  picture.refresh(['CP001']);
  await settled();
  answers[3]?.([row('Calle Nueva', new Date(0))]);
  await settled();
  answers[2]?.([row('Calle Nueva')]);
  await again;
  assert.equal(picture.point('CP001'), undefined, 'it was retired meanwhile');
  picture.stop();
});

test('a refusal that was committed while Central stopped is shown to nobody: its time would run for half a minute', () => {
  const { picture, counted } = setUp();
  picture.stop();
  picture.showRefusal({
    ...{ requestId: newRandomId(), cpId: 'CP001', origin: 'POINT', refusal: { code: 'CP_BUSY' }, atMs: 0 },
  });
  assert.deepEqual([counted.once, counted.repeating], [0, 0]);
});

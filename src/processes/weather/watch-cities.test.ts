import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeClock } from '../../testing/fake-clock.ts';
import { ioClockOf } from '../../testing/io-clock.ts';
import type { WeatherAnswer } from './open-weather.ts';
import { CityWatch } from './watch-cities.ts';

const EVERY_MS = 4_000;
const WARM: WeatherAnswer = { reading: { temperatureCc: 1_500, isSimulated: false } };
const ALICANTE = { city: 'Alicante', country: 'ES' };
const OSLO = { city: 'Oslo', country: 'NO' };

/** A watch on a clock of its own; `asked` has the second and city of every question on the wire. */
function start(answer: (city: string, key: string) => WeatherAnswer, callsPerMinute = 60) {
  const fake = createFakeClock();
  const beganAtMs = fake.nowMs();
  const asked: string[] = [];
  const told: string[] = [];
  let key = 'first';
  const watch = new CityWatch({
    clock: ioClockOf(fake),
    openWeather: {
      ask: async ({ city }, withKey) => {
        asked.push(`${(fake.nowMs() - beganAtMs) / 1_000} ${city}`);
        return answer(city, withKey);
      },
    },
    findKey: () => ({ value: key, place: 'API_KEY_TXT' }),
    callsPerMinute,
    everyMs: EVERY_MS,
    onSource: (failure) => told.push(`source ${failure ?? 'OK'}`),
    onCity: ({ city }, failure) => told.push(`${city} ${failure ?? 'OK'}`),
  });
  const rounds = async (count: number) => {
    for (let round = 0; round < count; round += 1) {
      await watch.askDue();
      fake.advance(EVERY_MS);
    }
  };
  return {
    ...{ watch, asked, told, rounds },
    setKey: (next: string) => {
      key = next;
    },
  };
}

test('F-44 R2-52: every city is asked on the wire each 4 s: no answer is kept in between', async () => {
  const { watch, asked, rounds } = start(() => WARM);
  watch.setPlaces([ALICANTE, OSLO, ALICANTE]);
  await rounds(3);
  assert.deepEqual(asked, ['0 Alicante', '0 Oslo', '4 Alicante', '4 Oslo', '8 Alicante', '8 Oslo']);
});

test('S-WEA-02: a city that comes is asked in the next round, one that goes is not asked any more', async () => {
  const { watch, asked, rounds } = start(() => WARM);
  watch.setPlaces([ALICANTE]);
  await rounds(1);
  watch.setPlaces([ALICANTE, OSLO]);
  await rounds(1);
  watch.setPlaces([OSLO]);
  await rounds(1);
  assert.deepEqual(asked, ['0 Alicante', '4 Alicante', '4 Oslo', '8 Oslo']);
});

test('more cities than the plan’s calls allow are asked less often, all of them', async () => {
  const { watch, asked, rounds } = start(() => WARM, 60);
  watch.setPlaces(Array.from({ length: 12 }, (_, index) => ({ city: `City${index}`, country: 'ES' })));
  await rounds(15);
  assert.equal(watch.pollEveryMs, 12_000);
  assert.equal(asked.length, 5 * 12, 'in a minute as many as the plan has');
});

test('F-42 quota: silence that doubles, whoever else would be due, then on as usual; told once each', async () => {
  let isOver = true;
  const { watch, asked, told, rounds } = start(() => (isOver ? { failure: 'QUOTA' } : WARM));
  watch.setPlaces([ALICANTE, OSLO]);
  await rounds(1);
  const first = asked.length;
  await rounds(7);
  assert.equal(asked.length, first, 'nothing for 30 s');
  await rounds(1);
  assert.ok(asked.length > first);
  isOver = false;
  await rounds(16);
  assert.deepEqual(told, ['source QUOTA', 'source OK']);
  assert.equal(watch.source.failure, undefined);
  assert.equal(watch.state(OSLO)?.reading?.temperatureCc, 1_500);
});

test('F-42 a wrong key: the last readings stay, and a new key is tried at once', async () => {
  const { watch, told, rounds, setKey } = start((_city, key) => (key === 'wrong' ? { failure: 'WRONG_KEY' } : WARM));
  watch.setPlaces([ALICANTE]);
  await rounds(1);
  const atMs = watch.state(ALICANTE)?.reading?.atMs;
  setKey('wrong');
  await rounds(2);
  assert.equal(watch.source.failure, 'WRONG_KEY');
  assert.equal(watch.state(ALICANTE)?.reading?.atMs, atMs, 'what is known is not touched');
  setKey('right');
  await rounds(1);
  assert.deepEqual(told, ['source WRONG_KEY', 'source OK']);
  assert.notEqual(watch.state(ALICANTE)?.reading?.atMs, atMs);
});

test('F-42 a city that OpenWeather does not know, or nonsense about it, leaves the others alone', async () => {
  const { watch, asked, told, rounds } = start((city) => (city === 'Oslo' ? { failure: 'UNKNOWN_CITY' } : WARM));
  watch.setPlaces([OSLO, ALICANTE]);
  await rounds(3);
  assert.deepEqual(
    [watch.state(OSLO)?.failure, watch.state(ALICANTE)?.failure, watch.source.failure],
    ['UNKNOWN_CITY', undefined, undefined],
  );
  assert.deepEqual(told, ['Oslo UNKNOWN_CITY']);
  assert.equal(asked.filter((one) => one.endsWith('Oslo')).length, 1, 'asked again after a minute only');
  watch.setPlaces([ALICANTE]);
  assert.equal(watch.state(OSLO), undefined, 'a city that nobody needs is forgotten');
});

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { Clock } from '../../io/clock.ts';
import { createFakeClock } from '../../testing/fake-clock.ts';
import type { WeatherAnswer } from './open-weather.ts';
import { CityWatch } from './watch-cities.ts';

const ROUND_MS = 4_000;
const COLD = { city: 'Burgos', country: 'ES' };
const WARM = { city: 'Elche', country: 'ES' };
const degrees = (temperatureCc: number): WeatherAnswer => ({ reading: { temperatureCc, isSimulated: false } });

let clock = createFakeClock();
let asked: string[] = [];
let told: string[] = [];
let keyValue = 'key';
let answer: (city: string) => WeatherAnswer = () => degrees(1_000);

function watch(): CityWatch {
  return new CityWatch({
    clock: clock as unknown as Clock,
    openWeather: {
      ask: async ({ city }) => {
        asked.push(city);
        return answer(city);
      },
    },
    findKey: () => ({ value: keyValue, place: 'ENVIRONMENT' }),
    callsPerMinute: 60,
    everyMs: ROUND_MS,
    onSource: (failure) => told.push(`source ${failure ?? 'back'}`),
    onCity: (place, failure) => told.push(`${place.city} ${failure ?? 'back'}`),
  });
}

async function rounds(cities: CityWatch, count: number): Promise<void> {
  for (let round = 0; round < count; round += 1) {
    await cities.askDue();
    clock.advance(ROUND_MS);
  }
}

beforeEach(() => {
  [clock, asked, told, keyValue] = [createFakeClock(), [], [], 'key'];
  answer = () => degrees(1_000);
});

test('F-44 R2-52: each round asks OpenWeather anew for every city, once for a city however many watch it', async () => {
  const cities = watch();
  cities.setPlaces([COLD, WARM, { ...COLD }]);
  await rounds(cities, 3);
  assert.deepEqual(asked.toSorted(), ['Burgos', 'Burgos', 'Burgos', 'Elche', 'Elche', 'Elche']);
  answer = () => degrees(-100);
  await rounds(cities, 1);
  assert.equal(cities.state(COLD)?.reading?.temperatureCc, -100, 'a change is seen in the very next round');
});

test('S-WEA-02: a city that comes is asked in the next round, one that goes is not asked any more', async () => {
  const cities = watch();
  cities.setPlaces([COLD]);
  await rounds(cities, 1);
  cities.setPlaces([WARM]);
  await rounds(cities, 1);
  assert.deepEqual(asked, ['Burgos', 'Elche']);
  assert.equal(cities.state(COLD), undefined);
});

test('F-42: while OpenWeather refuses, the last reading keeps its age, nothing hammers it, and it is told once', async () => {
  const cities = watch();
  cities.setPlaces([COLD]);
  await rounds(cities, 1);
  const { reading } = cities.state(COLD)!;
  answer = () => ({ failure: 'WRONG_KEY' });
  await rounds(cities, 7);
  assert.deepEqual(cities.state(COLD)?.reading, reading);
  assert.equal(asked.length, 2, 'one question, then a pause of 30 s');
  assert.deepEqual(told, ['source WRONG_KEY']);
  answer = () => degrees(500);
  keyValue = 'a new key';
  await rounds(cities, 1);
  assert.equal(cities.state(COLD)?.reading?.temperatureCc, 500, 'a new key is tried at once');
  assert.deepEqual(told, ['source WRONG_KEY', 'source back']);
});

test('F-42: a city that OpenWeather does not know holds up no other', async () => {
  const cities = watch();
  cities.setPlaces([COLD, WARM]);
  answer = (city) => (city === 'Burgos' ? { failure: 'UNKNOWN_CITY' } : degrees(2_000));
  await rounds(cities, 3);
  assert.equal(asked.filter((city) => city === 'Elche').length, 3);
  assert.equal(asked.filter((city) => city === 'Burgos').length, 1);
  assert.deepEqual(told, ['Burgos UNKNOWN_CITY']);
});

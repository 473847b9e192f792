import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerOf } from './open-weather.ts';

/** As OpenWeather documents it. */
const ALICANTE = {
  coord: { lon: -0.4815, lat: 38.3452 },
  weather: [{ id: 800, main: 'Clear', description: 'clear sky', icon: '01d' }],
  base: 'stations',
  main: { temp: -0.26, feels_like: -3.4, temp_min: -1, temp_max: 1, pressure: 1_018, humidity: 81 },
  wind: { speed: 2.57, deg: 300 },
  name: 'Alicante',
  cod: 200,
};
const read = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  answerOf({ status, headers, body });

test('S-WEA-03, R2-64: a real answer gives temperature, feels-like, humidity, wind and description', () => {
  assert.deepEqual(read(200, ALICANTE), {
    reading: {
      ...{ temperatureCc: -26, feelsLikeCc: -340, humidityPercent: 81, windCmS: 257, conditions: 'clear sky' },
      isSimulated: false,
    },
  });
  assert.deepEqual(read(200, { main: { temp: 40 } }), { reading: { temperatureCc: 4_000, isSimulated: false } });
  const simulated = read(200, { ...ALICANTE, base: 'simulated' });
  assert.ok('reading' in simulated && simulated.reading.isSimulated, 'a stand-in is told apart');
});

test('F-42: a wrong key, an unknown city, the quota, a broken service and nonsense are failures, never a temperature', () => {
  assert.deepEqual(read(401, { cod: 401 }), { failure: 'WRONG_KEY' });
  assert.deepEqual(read(404, { cod: '404' }), { failure: 'UNKNOWN_CITY' });
  assert.deepEqual(read(429, {}), { failure: 'QUOTA' });
  assert.deepEqual(read(429, {}, { 'retry-after': '90' }), { failure: 'QUOTA', retryAfterMs: 90_000 });
  assert.deepEqual(read(502, undefined), { failure: 'SERVER_ERROR' });
  for (const temp of [undefined, 'NaN', null, 300, -274]) {
    assert.deepEqual(read(200, { ...ALICANTE, main: { temp } }), { failure: 'BAD_ANSWER' }, String(temp));
  }
  assert.deepEqual(read(200, 'Captive portal'), { failure: 'BAD_ANSWER' });
  assert.deepEqual(read(302, ALICANTE), { failure: 'BAD_ANSWER' });
});

test('what is said beside a good temperature may be nonsense and is left out', () => {
  const odd = { main: { temp: 5, feels_like: 'cold', humidity: 400 }, wind: { speed: -1 }, weather: [{}] };
  assert.deepEqual(read(200, odd), { reading: { temperatureCc: 500, isSimulated: false } });
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isOfOneCity, pauseAfterFailure, pollEveryMs, WEATHER_FAILURES } from './weather-poll.ts';

test('R2-52 every city is asked each 4 s, slower only when the plan’s calls a minute would not do', () => {
  const every = (cities: number, callsPerMinute = 60) => pollEveryMs({ cities, callsPerMinute, everyMs: 4_000 });
  assert.deepEqual([every(0), every(1), every(4), every(5), every(60)], [4_000, 4_000, 4_000, 5_000, 60_000]);
  assert.equal(every(100, 3_000), 4_000);
});

test('F-42 the quota’s pause doubles up to ten minutes, and is never shorter than OpenWeather asked for', () => {
  const pause = (failuresInARow: number, retryAfterMs?: number) =>
    pauseAfterFailure('QUOTA', failuresInARow, retryAfterMs);
  assert.deepEqual([pause(1), pause(2), pause(3), pause(9)], [30_000, 60_000, 120_000, 600_000]);
  assert.equal(pause(1, 90_000), 90_000);
  assert.equal(pause(1, 86_400_000), 600_000, 'a nonsense wish does not silence us for a day');
});

test('every failure has a pause of its own that never ends the asking', () => {
  for (const failure of WEATHER_FAILURES) {
    const pauses = [1, 2, 50].map((inARow) => pauseAfterFailure(failure, inARow));
    assert.ok(
      pauses.every((ms) => ms >= 4_000 && ms <= 600_000),
      `${failure}: ${pauses}`,
    );
  }
  assert.deepEqual(WEATHER_FAILURES.filter(isOfOneCity), ['UNKNOWN_CITY', 'BAD_ANSWER']);
});

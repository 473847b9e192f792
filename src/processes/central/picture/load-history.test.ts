import assert from 'node:assert/strict';
import { test } from 'node:test';
import { panelPoint, panelSupply } from '../../../pages/testing/scenes.ts';
import { createFakeClock } from '../../../testing/fake-clock.ts';
import { ioClockOf } from '../../../testing/io-clock.ts';
import { startLoadHistory } from './load-history.ts';

test('the load of the network is one bounded answer: power by zone and points by state, an hour at most', async () => {
  const clock = ioClockOf(createFakeClock());
  const load = startLoadHistory({
    clock,
    picture: {
      points: () => [panelPoint('CP001', { state: 'CHARGING' }), panelPoint('MAD1', { zone: 'MAD' })],
      supplies: () => [panelSupply(1, { powerW: 40_000 }), panelSupply(2, { cpId: 'MAD1', powerW: 0 })],
    },
  });
  load.sample();
  const { zones, samples } = load.read();
  assert.deepEqual([zones, samples[0]?.powerW, samples[0]?.states], [['ALC'], [40_000], [1, 1, 0, 0, 0]]);
  for (let count = 0; count < 1_000; count += 1) load.sample();
  assert.equal(load.read().samples.length, 360);
  load.stop();
});

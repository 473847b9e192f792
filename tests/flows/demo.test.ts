import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type LocalNetwork, startLocalNetwork } from '../../src/testing/local-network.ts';

let network: LocalNetwork;
before(async () => {
  network = await startLocalNetwork({ points: 2, drivers: 1 });
});
after(() => network?.stop());

test('R1-G04: the demonstration, its quick form, plays by itself with every incident and sees all that it expects', async () => {
  const told = await network.ev('demo', '--quick');
  const [, seen, expected] = /== (\d+) of (\d+) expectations were seen/.exec(told) ?? [];
  assert.ok(Number(expected) > 25, told);
  assert.equal(seen, expected, told);
  for (const incident of ['a fault of the engine', 'a dead Monitor', 'a weather alert', 'a revoked key'])
    assert.match(told, new RegExp(`charge \\d at CP00[12]: ${incident}`));
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { advertisedElsewhere } from './advertised.ts';
import { unreachableOf } from './reach.ts';

test('F-04: an advertised address that leads nowhere is named as the broker names it, with what to mend at the broker', async () => {
  const advertised = [
    { host: '192.0.2.1', port: 9092 },
    { host: 'kafka.invalid', port: 9092 },
  ];
  assert.deepEqual(await unreachableOf(advertisedElsewhere(advertised, ['192.0.2.1:9092'])), [
    "the broker, which advertises itself at kafka.invalid:9092 (EV_Central/start.sh ADDRESS there, or EV_PUBLIC_HOST): the name 'kafka.invalid' does not resolve on this computer",
  ]);
});

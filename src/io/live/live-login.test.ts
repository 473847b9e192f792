import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countingClock } from '../../testing/counting-clock.ts';
import { createFakeClock } from '../../testing/fake-clock.ts';
import { ioClockOf } from '../../testing/io-clock.ts';
import { recheckLogin } from './live-login.ts';

const MINUTE = 60_000;
const settled = () => new Promise((resolve) => setImmediate(resolve));

function viewer(readyState: number) {
  const listeners: (() => void)[] = [];
  const closedWith: number[] = [];
  return {
    ...{ readyState, closedWith },
    on: (_event: 'close' | 'error', listener: () => void) => listeners.push(listener),
    close: (code: number) => closedWith.push(code),
    leave: () => {
      for (const listener of listeners) listener();
    },
  };
}

test('a stream ends with its login, and nobody asks after the stream has ended', async () => {
  const fake = createFakeClock();
  const { clock } = countingClock(ioClockOf(fake));
  const socket = viewer(1);
  let mayLook = true;
  let asked = 0;
  recheckLogin(socket, {
    clock,
    mayLook: async () => {
      asked += 1;
      return mayLook;
    },
  });
  fake.advance(MINUTE);
  await settled();
  assert.deepEqual(socket.closedWith, []);
  mayLook = false;
  fake.advance(MINUTE);
  await settled();
  assert.deepEqual(socket.closedWith, [4401]);
  socket.leave();
  fake.advance(5 * MINUTE);
  assert.equal(asked, 2);
});

test('a page that was closed while its login was looked up is not asked after each minute for ever', () => {
  const counted = countingClock(ioClockOf(createFakeClock()));
  recheckLogin(viewer(3), { clock: counted.clock, mayLook: async () => true });
  assert.equal(counted.repeating, 0);
});

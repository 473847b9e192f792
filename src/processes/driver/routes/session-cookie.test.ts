import assert from 'node:assert/strict';
import { test } from 'node:test';
import { centralToDriverExamples } from '../../../messages/examples.ts';
import { countingClock } from '../../../testing/counting-clock.ts';
import { createFakeClock } from '../../../testing/fake-clock.ts';
import { ioClockOf } from '../../../testing/io-clock.ts';
import type { CentralLink, FromCentral } from '../central-link.ts';
import { createUsers } from '../users.ts';
import { findUser } from './session-cookie.ts';

const TOKEN = 'a'.repeat(43);

test('who signs out while the login is presented to Central is not let in again by its answer', async () => {
  const fake = createFakeClock();
  const counted = countingClock(ioClockOf(fake));
  const upstream = () => ({ isCentralReachable: true });
  const users = createUsers({ clock: counted.clock, upstream, dataAtMs: () => fake.nowMs() });
  const answers: PromiseWithResolvers<FromCentral>[] = [];
  const link = {
    ask: () => {
      const answer = Promise.withResolvers<FromCentral>();
      answers.push(answer);
      return answer.promise;
    },
  } as unknown as CentralLink;
  const { state } = centralToDriverExamples['login-accepted'];
  const resumed: FromCentral = { type: 'session-resumed', body: { expiresAtMs: fake.nowMs() + 60_000, state } };
  const parts = { users, link, cookieName: 'c', hasTls: false };

  const first = findUser(TOKEN, parts);
  answers[0]?.resolve(resumed);
  assert.equal((await first)?.driverId, state.driverId);
  users.dismiss(TOKEN);

  const second = findUser(TOKEN, parts);
  users.signOut(TOKEN);
  answers[1]?.resolve(resumed);
  assert.equal(await second, undefined);
  assert.equal(users.byToken(TOKEN), undefined);
  assert.equal(counted.repeating, 0, 'no stream is kept for nobody');
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Delivery } from '../../../io/channels/central-contract.ts';
import { CommitUnknown, DatabaseUnavailable } from '../../../io/postgres/database.ts';
import { openSupply } from '../../../testing/supply-builders.ts';
import type { PointOutcome } from '../parts.ts';
import type { HandlerParts } from './handler-parts.ts';
import { supplyRequestedByDriver } from './supply-requested.ts';

const granted: PointOutcome = { supply: openSupply('REQUESTED'), wasKnown: true };
const away = () => Promise.reject(new DatabaseUnavailable('away'));

/** A handler's world: what the database says to each try in turn, and whether the answer can be sent. */
function tries(script: {
  tokens: (() => Promise<unknown>)[];
  decisions: (() => Promise<PointOutcome>)[];
  sends?: (() => Promise<void>)[];
}) {
  const answers: string[] = [];
  const parts = {
    signIn: { present: () => script.tokens.shift()?.() },
    requests: { request: () => script.decisions.shift()?.() },
    readings: { newest: () => undefined },
    policy: { plugTimeoutMs: 120_000 },
    channels: () => ({
      sendToLease: async (_leaseId: string, type: string) => {
        await script.sends?.shift()?.();
        answers.push(type);
      },
    }),
  } as unknown as HandlerParts;
  const body = { requestId: 'r1', sessionToken: 't1', cpId: 'CP001', origin: 'APP' };
  const delivery = {
    clientId: 'driver:D1',
    leaseId: 'l1',
    envelope: { id: 'm1', body },
    record: {},
  } as unknown as Delivery;
  const handler = supplyRequestedByDriver(false);
  return { answers, once: async () => handler(delivery, parts) };
}

const known = async () => ({ driverId: 'DRV001' });

test('while the database is away a request is refused at once', async () => {
  const { answers, once } = tries({ tokens: [known], decisions: [away] });
  await once();
  assert.deepEqual(answers, ['request-refused']);
});

test('F-13 R1-G13 a commit that nobody confirmed is asked again, never refused: the supply may exist', async () => {
  const unknown = () => Promise.reject(new CommitUnknown('away'));
  const { answers, once } = tries({ tokens: [known, away, known], decisions: [unknown, async () => granted] });
  await assert.rejects(once, CommitUnknown);
  await assert.rejects(once, DatabaseUnavailable);
  await once();
  assert.deepEqual(answers, ['supply-updated']);
});

test('a granted request whose answer could not go out is never refused by its next try', async () => {
  const { answers, once } = tries({
    tokens: [known, away, known],
    decisions: [async () => granted, async () => granted],
    sends: [away],
  });
  await assert.rejects(once);
  await assert.rejects(once);
  await once();
  assert.deepEqual(answers, ['supply-updated']);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRefusal, type Refusal, refusalText } from './refusal.ts';
import { REFUSAL_CODES } from './vocabulary.ts';

test('a refusal survives the database as one word', () => {
  const refusals: Refusal[] = [
    ...REFUSAL_CODES.map((code) => ({ code })),
    { code: 'CP_OUT_OF_SERVICE', reasons: ['WEATHER', 'NO_CHANNEL'] },
    { code: 'POINT_DECLINED', detail: 'NO_KEY' },
  ];
  for (const refusal of refusals) assert.deepEqual(parseRefusal(refusalText(refusal)), refusal);
  assert.equal(refusalText(refusals.at(-1)!), 'POINT_DECLINED(NO_KEY)');
  assert.equal(parseRefusal('NONSENSE'), undefined);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CONVERSATIONS } from '../src/messages/conversations.ts';
import { compileValidator, tolerant } from '../src/messages/validators.ts';
import { checksum, migrations, recordedChecksums, recordedMessages } from './upgrade/recorded.ts';

const present = new Map(CONVERSATIONS.map((one) => [one.name, one]));

for (const [version, conversations] of recordedMessages()) {
  for (const { name, messages } of conversations) {
    for (const [type, { schema, example }] of Object.entries(messages)) {
      test(`S-KAF-08: a ${type} of ${version} (${name}) is accepted by this version`, () => {
        const own = present.get(name)?.catalogue[type];
        assert.ok(own, `${type} has gone, and a ${version} may still send it`);
        const validator = compileValidator(tolerant(own));
        assert.ok(validator.isValid(example), validator.complaint(example));
      });
      test(`S-KAF-08: a ${type} (${name}) of this version is accepted by ${version}`, () => {
        const body: unknown = JSON.parse(JSON.stringify(present.get(name)?.bodies[type]));
        const validator = compileValidator(tolerant(schema));
        assert.ok(validator.isValid(body), validator.complaint(body));
      });
    }
  }
}

test('S-DB-14: a migration that was released never changes, and new ones come after it', () => {
  const now = Object.fromEntries([...migrations()].map(([name, text]) => [name, checksum(text)]));
  const advice = 'a new migration is recorded with: npm run record -- migrations';
  assert.deepEqual(Object.entries(now), Object.entries(recordedChecksums()), advice);
});

test('S-DB-14: a migration takes nothing away that the version before still uses (ADR 0011)', () => {
  const takesAway = /\b(DROP (TABLE|COLUMN|TYPE|VIEW)|RENAME|SET NOT NULL|ALTER COLUMN \w+ TYPE)\b/i;
  const FIRST_RELEASE = '009';
  for (const [name, text] of migrations()) {
    if (name.slice(0, 3) <= FIRST_RELEASE || /^-- unused since \d{3}/m.test(text)) continue;
    assert.doesNotMatch(text, takesAway, `${name}: say "-- unused since NNN" once the version before does without it`);
  }
});

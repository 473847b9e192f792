import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CONVERSATIONS } from './conversations.ts';
import { compileCatalogue, compileValidator } from './validators.ts';

for (const { name, catalogue, bodies } of CONVERSATIONS) {
  const validators = compileCatalogue(catalogue);
  for (const [type, validator] of validators) {
    test(`${name}: the example of ${type} is valid, also after JSON`, () => {
      const body: unknown = JSON.parse(JSON.stringify(bodies[type]));
      assert.ok(validator.isValid(body), validator.complaint(body));
    });
    test(`${name}: ${type} with a field that nobody declared is not ours to send, but accepted of a newer version`, () => {
      const body = { ...(bodies[type] as object), surplus: 1 };
      assert.equal(compileValidator(catalogue[type]!).isValid(body), false);
      assert.equal(validator.isValid(body), true, validator.complaint(body));
    });
    test(`${name}: ${type} refuses what is no object`, () => {
      for (const body of [null, undefined, 7, 'text', [], true]) assert.equal(validator.isValid(body), false);
    });
  }
}

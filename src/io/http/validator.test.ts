import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Type } from 'typebox';
import { requestValidator } from './validator.ts';

const schema = Type.Object(
  {
    limit: Type.Optional(Type.Integer({ minimum: 1 })),
    isOn: Type.Optional(Type.Boolean()),
    text: Type.Optional(Type.String()),
  },
  { additionalProperties: false },
);
const read = (httpPart: string, given: unknown) => {
  const check = requestValidator({ schema, httpPart, method: 'GET', url: '/' }) as (value: unknown) => {
    value?: unknown;
  };
  return check(given).value;
};

test('S-API-14: numbers and truth values of a query are read from their usual form only; a text stays a text', () => {
  assert.deepEqual(read('querystring', { limit: '10', isOn: 'true', text: '10' }), {
    limit: 10,
    isOn: true,
    text: '10',
  });
  for (const limit of ['true', '', ' 1', '1e3', '0x10', '1.5', ['1', '2']])
    assert.equal(read('querystring', { limit }), undefined, `limit ${limit}`);
  for (const isOn of ['1', 'TRUE', '']) assert.equal(read('querystring', { isOn }), undefined, `isOn ${isOn}`);
});

test('S-API-14: nothing of a body is read as anything but what it is', () => {
  assert.equal(read('body', { limit: '10' }), undefined);
  assert.deepEqual(read('body', { limit: 10 }), { limit: 10 });
});

test('a NUL is refused wherever it stands, before a database meets it', () => {
  const schema = Type.Object({ name: Type.String(), more: Type.Optional(Type.Unknown()) });
  const validate = requestValidator({ schema, method: 'POST', url: '/', httpPart: 'body' });
  const isTaken = (body: unknown) => 'value' in (validate(body) as object);
  assert.equal(isTaken({ name: 'a', more: [{ b: 'c' }] }), true);
  for (const body of [{ name: 'a\0' }, { name: 'a', more: [{ b: '\0' }] }, { name: 'a', more: { '\0': 1 } }])
    assert.equal(isTaken(body), false, JSON.stringify(body));
});

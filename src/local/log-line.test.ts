import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isWorthShowing, renderLine } from './log-line.ts';

const PLAIN = { hasColours: false, nameWidth: 8 };

test('a JSON line becomes a sentence with its time, process and fields', () => {
  const raw =
    '{"level":"info","time":"2026-11-24T16:16:13.123Z","component":"central","cpId":"CP001","n":3,"msg":"connected"}';
  assert.equal(renderLine('central', raw, PLAIN), '16:16:13 central  connected cpId=CP001 n=3');
});

test('warnings and errors are marked, with the error text and its code', () => {
  const raw = '{"level":"error","time":"2026-11-24T16:16:13.123Z","err":{"message":"no","code":"X"},"msg":"failed"}';
  assert.equal(renderLine('central', raw, PLAIN), '16:16:13 central  ERROR failed no (X)');
  assert.match(renderLine('central', '{"level":"warn","msg":"slow"}', PLAIN), / WARN slow$/);
});

test('what is not JSON, or only looks so, is shown as it is', () => {
  assert.equal(renderLine('kafka', 'plain words', PLAIN), '         kafka    plain words');
  assert.match(renderLine('kafka', '{broken', PLAIN), /\{broken$/);
});

test('a very long field is cut on the screen', () => {
  assert.ok(renderLine('x', JSON.stringify({ msg: 'm', big: 'y'.repeat(5_000) }), PLAIN).length < 300);
});

test('colours only where asked for, and the same for a name each time', () => {
  const coloured = renderLine('central', '{"msg":"m"}', { hasColours: true, nameWidth: 8 });
  assert.ok(coloured.includes('\u001b['));
  assert.equal(coloured, renderLine('central', '{"msg":"m"}', { hasColours: true, nameWidth: 8 }));
  assert.ok(!renderLine('central', '{"msg":"m"}', PLAIN).includes('\u001b['));
});

test("PostgreSQL's routine lines stay off the screen, its errors do not", () => {
  assert.equal(isWorthShowing('postgres', '2026 UTC [1] LOG:  checkpoint starting'), false);
  assert.equal(isWorthShowing('postgres', '2026 UTC [1] FATAL:  no space'), true);
  assert.equal(isWorthShowing('central', 'LOG:  x'), true);
});

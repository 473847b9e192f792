import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addCheck, addGroup, parseFileResult, type Tally, verdict } from './tally.ts';
import type { FileResult, TestCounts } from './test-reporter.ts';

const EMPTY: Tally = { passed: 0, failed: 0, notes: [] };
const GOOD = { passed: 3, failed: 0, skipped: 0 };
const FILES = ['a.test.ts'];

const result = (counts: TestCounts, failed: string[] = []): FileResult => ({
  ...{ file: 'a.test.ts', counts, passed: [], failed },
});

test('a group that matched no file is a failure, although node --test would exit with 0', () => {
  const tally = addGroup(EMPTY, { name: 'flows', files: [], results: [], exitCode: 0 });
  assert.equal(verdict(tally), '0 passed, 1 failed');
  assert.deepEqual(tally.notes, ['flows: no test file matched']);
});

test('a file that was cut is named and fails, and what the others came to counts', () => {
  const tally = addGroup(EMPTY, {
    ...{ name: 'edge', files: [...FILES, 'b.test.ts'], results: [result(GOOD)], exitCode: null },
  });
  assert.equal(verdict(tally), '3 passed, 1 failed');
  assert.deepEqual(tally.notes, ['edge: b.test.ts did not come to its end']);
});

test('a run that ran no test, or exits badly without a failed test is a failure', () => {
  const group = { name: 'x', files: FILES };
  assert.equal(addGroup(EMPTY, { ...group, results: [result({ ...GOOD, passed: 0 })], exitCode: 0 }).failed, 1);
  assert.equal(addGroup(EMPTY, { ...group, results: [result(GOOD)], exitCode: 7 }).failed, 1);
});

test('a skipped test is a failure', () => {
  const group = { name: 'x', files: FILES, results: [result({ ...GOOD, skipped: 1 })], exitCode: 0 };
  assert.equal(verdict(addGroup(EMPTY, group)), '3 passed, 1 failed');
});

test('a failed test is named again at the end, and counts once', () => {
  const results = [result({ passed: 2, failed: 1, skipped: 0 }, ['it holds'])];
  const tally = addGroup(EMPTY, { name: 'x', files: FILES, results, exitCode: 1 });
  assert.equal(verdict(tally), '2 passed, 1 failed');
  assert.deepEqual(tally.notes, ['a.test.ts: it holds']);
});

test('good groups and checks add up', () => {
  const group = { name: 'x', files: FILES, results: [result(GOOD)], exitCode: 0 };
  const tally = addCheck(addGroup(EMPTY, group), { name: 'types', isGood: true });
  assert.equal(verdict(tally), '4 passed, 0 failed');
  assert.deepEqual(addCheck(tally, { name: 'lint', isGood: false }).notes, ['lint failed']);
});

test("a file's result is read off its line only", () => {
  const said = result(GOOD, ['one']);
  assert.deepEqual(parseFileResult(`FILE ${JSON.stringify(said)}`), said);
  assert.equal(parseFileResult('ok 1 - FILE {}'), undefined);
});

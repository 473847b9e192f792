import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addCheck, addGroup, parseCounts, parsePassed, type Tally, verdict } from './tally.ts';

const EMPTY: Tally = { passed: 0, failed: 0, notes: [] };
const GOOD = { passed: 3, failed: 0, skipped: 0 };

test('a group that matched no file is a failure, although node --test would exit with 0', () => {
  const tally = addGroup(EMPTY, { name: 'flows', files: 0, counts: undefined, exitCode: 0 });
  assert.equal(verdict(tally), '0 passed, 1 failed');
  assert.deepEqual(tally.notes, ['flows: no test file matched']);
});

test('a run that was cut, ran no test, or exits badly without a failed test is a failure', () => {
  assert.equal(addGroup(EMPTY, { name: 'x', files: 2, counts: undefined, exitCode: null }).failed, 1);
  assert.equal(addGroup(EMPTY, { name: 'x', files: 2, counts: { ...GOOD, passed: 0 }, exitCode: 0 }).failed, 1);
  assert.equal(addGroup(EMPTY, { name: 'x', files: 2, counts: GOOD, exitCode: 7 }).failed, 1);
});

test('a skipped test is a failure', () => {
  assert.equal(
    verdict(addGroup(EMPTY, { name: 'x', files: 1, counts: { ...GOOD, skipped: 1 }, exitCode: 0 })),
    '3 passed, 1 failed',
  );
});

test('good groups and checks add up', () => {
  const tally = addCheck(addGroup(EMPTY, { name: 'x', files: 1, counts: GOOD, exitCode: 0 }), {
    name: 'types',
    isGood: true,
  });
  assert.equal(verdict(tally), '4 passed, 0 failed');
  assert.deepEqual(addCheck(tally, { name: 'lint', isGood: false }).notes, ['lint failed']);
});

test('counts are read from the last line of the reporter only', () => {
  assert.deepEqual(parseCounts('COUNTS {"passed":1,"failed":2,"skipped":0}'), { passed: 1, failed: 2, skipped: 0 });
  assert.equal(parseCounts('ok 1 - COUNTS'), undefined);
});

test('passed tests are read by file', () => {
  const passed = parsePassed('PASSED [["a.test.ts","one"],["b.test.ts","two"],["a.test.ts","three"]]');
  assert.deepEqual(passed?.get('a.test.ts'), ['one', 'three']);
  assert.equal(parsePassed('a test PASSED'), undefined);
});

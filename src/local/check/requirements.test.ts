import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { namedButNotPassed, requirementRows, wrongRows } from './requirements.ts';

const PROJECT_FOLDER = resolve(import.meta.dirname, '..', '..', '..');
const HERE = 'src/local/check/requirements.test.ts';
const row = (id: string, shownBy: string) => `| ${id} | a few words | ${shownBy} |`;
const complaints = (...lines: string[]) => wrongRows(requirementRows(lines.join('\n')), PROJECT_FOLDER);

test('a row is shown by a test that exists, by a section that exists, or says why it is not', () => {
  assert.deepEqual(
    complaints(
      '| Id | What | Shown by |',
      '|---|---|---|',
      row('F-01', `\`${HERE}: "a section that exists"\`, [two commands](../README.md#two-commands)`),
      row('D-19', '[the sources](../src/README.md)'),
      row('S-OPS-11', 'decided: D-19 nothing waits for a fixed time'),
      row('R1-01', 'context only'),
    ),
    [],
  );
});

test('what a row names and nobody has is told by its id', () => {
  const wrong = complaints(
    row('F-01', `\`${HERE}: "no such title"\``),
    row('F-02', '`src/no-such.test.ts: "x"`'),
    row('F-03', '[commands](../README.md#no-such-section)'),
    row('F-04', 'surely'),
    row('F-04', 'not shown: nobody looked'),
    row('F-05', 'decided: D-19'),
    row('F-06', 'decided: otherwise'),
  );
  assert.deepEqual(
    wrong.map((complaint) => complaint.slice(0, 4)),
    ['F-01', 'F-02', 'F-03', 'F-04', 'F-04', 'F-05', 'F-06'],
  );
});

test('a named test counts only if it passed in the run', () => {
  const rows = requirementRows(row('F-01', `\`${HERE}: "passed in"\``));
  assert.deepEqual(
    namedButNotPassed(rows, new Map([[HERE, ['a named test counts only if it passed in the run']]])),
    [],
  );
  assert.equal(namedButNotPassed(rows, new Map()).length, 1);
});

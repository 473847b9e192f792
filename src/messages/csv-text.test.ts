import assert from 'node:assert/strict';
import { test } from 'node:test';
import { csvText, csvTime } from './csv-text.ts';

test('a CSV keeps commas, quotes and lines, leaves numbers plain, and gives no spreadsheet a formula', () => {
  assert.equal(
    csvText([
      ['C/ Italia 5, Alicante', 'the "old" one', 'two\nlines', undefined],
      [-3, 0.25, true, '=HYPERLINK("x")'],
      ['-1', '@a', '+b', csvTime(0)],
    ]),
    [
      '"C/ Italia 5, Alicante","the ""old"" one","two\nlines",\r\n',
      '-3,0.25,true,"\'=HYPERLINK(""x"")"\r\n',
      "'-1,'@a,'+b,1970-01-01T00:00:00.000Z\r\n",
    ].join(''),
  );
});

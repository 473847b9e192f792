import { isCpId } from './ids.ts';

/** Most lines with something on them; a longer file is refused whole. */
export const MAX_BATCH_LINES = 500;
/** Most characters of a file: 500 ids with room for blank lines. */
export const MAX_BATCH_CHARACTERS = 32_768;

/** One line of the file that is not blank; `isValid` false: it is no id of a charging point, whatever exists. */
export interface BatchTextLine {
  /** Line number in the file, from 1. */
  readonly line: number;
  readonly text: string;
  readonly isValid: boolean;
}

export type BatchTextProblem = 'BATCH_EMPTY' | 'BATCH_TOO_LONG' | 'BATCH_NOT_TEXT';

const SHOWN_OF_A_BAD_LINE = 40;

/** Reads "one charging point id a line" (S-DRV-11); case, spaces around and blank lines do not matter. */
export function readBatchText(text: string): { lines: BatchTextLine[]; blankCount: number } | BatchTextProblem {
  if (text.length > MAX_BATCH_CHARACTERS) return 'BATCH_TOO_LONG';
  // A NUL, or what a decoder leaves of bytes that are no UTF-8: a picture or an archive, not a list.
  if (/[\0\uFFFD]/.test(text)) return 'BATCH_NOT_TEXT';
  const rows = text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/);
  const lines: BatchTextLine[] = [];
  for (const [index, row] of rows.entries()) {
    const word = row.trim().toUpperCase();
    if (word === '') continue;
    const isValid = isCpId(word);
    lines.push({ line: index + 1, text: isValid ? word : row.trim().slice(0, SHOWN_OF_A_BAD_LINE), isValid });
  }
  if (lines.length > MAX_BATCH_LINES) return 'BATCH_TOO_LONG';
  if (!lines.some((line) => line.isValid)) return 'BATCH_EMPTY';
  // The end of the last line begins no blank one.
  const isEndedLine = rows.at(-1)?.trim() === '' ? 1 : 0;
  return { lines, blankCount: rows.length - lines.length - isEndedLine };
}

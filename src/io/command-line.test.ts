import assert from 'node:assert/strict';
import { test } from 'node:test';
import { argumentsOf, BadArgument, wantsHelp, wholeNumber } from './command-line.ts';

const OPTIONS = { last: { type: 'string', default: '10' }, all: { type: 'boolean' } } as const;

test('options and positional arguments are read in any order', () => {
  const { values, positionals } = argumentsOf(['a', '--last', '3', 'b', '--all'], {
    options: OPTIONS,
    positionals: 'ANY',
  });
  assert.deepEqual([values.last, values.all, positionals], ['3', true, ['a', 'b']]);
});

test('what a command does not take is refused in one sentence that names it', () => {
  const refused = (args: string[], sentence: string) =>
    assert.throws(
      () => argumentsOf(args, { options: OPTIONS, positionals: ['NAME'] }),
      (error) => error instanceof BadArgument && error.message === sentence,
    );
  refused(['--bogus'], "Unknown option '--bogus'");
  refused(['-x'], "Unknown option '-x'");
  refused(['a', 'b', 'c'], "'b' is one argument too many");
  refused(['--last'], "Option '--last <value>' argument missing");
  refused(['--all=yes'], "Option '--all' does not take an argument");
  assert.throws(() => wholeNumber('1.5', { name: '--last', min: 0, max: 9 }), /--last '1.5' must be/);
});

test('help is asked for wherever it stands among the arguments, but not behind --', () => {
  assert.ok(wantsHelp(['--help']) && wantsHelp(['a', '--no-such-option', '-h']));
  assert.ok(!wantsHelp(['help']) && !wantsHelp(['--', '--help']) && !wantsHelp([]));
});

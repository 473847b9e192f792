import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readCommandLine, wholeNumber } from '../io/command-line.ts';
import { print } from './bring-up.ts';
import { startedHere } from './control-commands.ts';
import { followLogs } from './log-files.ts';
import { isWorthShowing, type LineStyle, renderLine } from './log-line.ts';
import { readNetworkFile } from './network-file.ts';
import { BadSetting, type NetworkFiles } from './network-plan.ts';
import { orSentence } from './up.ts';

const USAGE = `ev logs [NAME ...] [--last N] [--all]

The newest lines of these processes (all of this computer if none is named), then what comes, until Ctrl-C.
  --last N   so many lines of each before (10)
  --all      routine lines of PostgreSQL too`;
const NAME_WIDTH = 13;
const MOST_LINES = 10_000;

type Asked = { names: string[]; last: number; isAll: boolean };
type Followed = { files: NetworkFiles; names: string[] };

/** `ev logs [NAME ...]`: the logs of this computer's processes as `ev up` shows them. */
export function main(args: string[]): Promise<void> {
  return orSentence(async () => {
    const asked = askedFor(args);
    if (asked === undefined) return;
    const followed = await followedOf(asked.names);
    const style: LineStyle = { hasColours: process.stdout.isTTY && !process.env.NO_COLOR, nameWidth: NAME_WIDTH };
    const show = (name: string, line: string): void => {
      if (asked.isAll || isWorthShowing(name, line)) print([renderLine(name, line, style)]);
    };
    for (const { files, names } of followed)
      for (const name of names)
        for (const line of await lastLines(join(files.logs, `${name}.log`), asked.last)) show(name, line);
    for (const { files, names } of followed)
      await followLogs({ folder: files.logs, names, onLine: show, isKeptSmall: false });
  });
}

function askedFor(args: string[]): Asked | undefined {
  return readCommandLine(args, {
    usage: USAGE,
    options: { last: { type: 'string', default: '10' }, all: { type: 'boolean' } },
    positionals: 'ANY',
    read: ({ values, positionals: names }) => ({
      names,
      last: wholeNumber(values.last, { name: '--last', min: 0, max: MOST_LINES }),
      isAll: values.all === true,
    }),
  });
}

/** What was started here, with the names that are asked for; throws BadSetting for one that nobody knows. */
async function followedOf(names: readonly string[]): Promise<Followed[]> {
  const all: Followed[] = [];
  for (const files of startedHere()) {
    const network = await readNetworkFile(files.network);
    if (network) all.push({ files, names: ['supervisor', ...network.processes.map((one) => one.name)] });
  }
  const known = all.flatMap((one) => one.names);
  if (known.length === 0) throw new BadSetting('Nothing was started here yet. Type: ./run_all.sh');
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new BadSetting(`there is no process '${unknown.join(' ')}'; there are: ${[...new Set(known)].join(' ')}`);
  if (names.length === 0) return all;
  return all.map((one) => ({ ...one, names: one.names.filter((name) => names.includes(name)) }));
}

async function lastLines(file: string, count: number): Promise<string[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return count === 0 ? [] : text.trimEnd().split('\n').slice(-count).filter(Boolean);
}

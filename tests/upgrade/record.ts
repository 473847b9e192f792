import { BadArgument, readCommandLine } from '../../src/io/command-line.ts';
import { recordMessages, recordMigrations } from './recorded.ts';

const USAGE = `npm run record -- migrations | messages VERSION      (tests/upgrade/record.ts)

Writes down what an upgrade must still read (ADR 0011).
  migrations        after a migration was written
  messages VERSION  when a version is released, such as v2`;

const work = readCommandLine(process.argv.slice(2), {
  usage: USAGE,
  positionals: ['WHAT', 'VERSION'],
  read({ positionals: [what = '', version] }): () => void {
    if (what === 'migrations' && version === undefined) return recordMigrations;
    if (what === 'messages' && version !== undefined && /^v\d+$/.test(version)) return () => recordMessages(version);
    throw new BadArgument(`'${[what, version].filter(Boolean).join(' ')}' is neither migrations nor messages VERSION`);
  },
});
work?.();

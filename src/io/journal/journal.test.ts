import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import { createFakeClock } from '../../testing/fake-clock.ts';
import { ioClockOf } from '../../testing/io-clock.ts';
import { testSeed } from '../../testing/seed.ts';
import { until } from '../../testing/until.ts';
import { type Journal, type JournalOptions, openJournal } from './journal.ts';
import { type JournalRecord, journalLine, readJournalLine } from './journal-line.ts';
import { segmentNameOf } from './journal-segments.ts';

type Entry = JournalRecord & { n?: number; isHeld?: boolean };

const DAY_MS = 86_400_000;
const startMs = Date.UTC(2026, 10, 24, 12);
const today = 'journal-2026-11-24.ndjson';
const root = mkdtempSync(join(tmpdir(), 'ev-journal-'));
const opened: Journal<Entry>[] = [];
const seed = testSeed('journal');
let folderCount = 0;
afterEach(async () => {
  for (const journal of opened.splice(0)) await journal.stop();
});
after(() => rmSync(root, { recursive: true }));

const newFolder = () => join(root, String(++folderCount));
const reading = (n: number, supplyId = 'S1'): Entry => ({
  type: 'reading',
  cpId: 'CP001',
  atMs: startMs + n,
  supplyId,
  n,
});

async function open(folder: string, options: Partial<JournalOptions<Entry>> = {}) {
  const replayed: Entry[] = [];
  const fake = createFakeClock(startMs);
  const journal = await openJournal<Entry>({
    folder,
    clock: ioClockOf(fake),
    replay: (record) => void replayed.push(record),
    ...options,
  });
  opened.push(journal);
  return { journal, replayed, fake };
}

describe('journal', () => {
  it('gives back what was appended, in order', async () => {
    const folder = newFolder();
    const { journal } = await open(folder);
    const appends = [1, 2, 3].map((n) => journal.append(reading(n)));
    appends.push(journal.appendDurably(reading(4)));
    await Promise.all(appends);
    await journal.stop();
    const again = await open(folder);
    assert.deepEqual(
      again.replayed,
      [1, 2, 3, 4].map((n) => reading(n)),
    );
    assert.deepEqual(again.journal.problems, []);
    const lines = readFileSync(join(folder, today), 'utf8').trim().split('\n');
    assert.deepEqual(
      lines.map((line) => JSON.parse(line).r.n),
      [1, 2, 3, 4],
      'plain NDJSON',
    );
  });

  it('drops a torn last line and goes on behind the last whole one', async () => {
    const folder = newFolder();
    const first = await open(folder);
    await first.journal.append(reading(1));
    await first.journal.stop();
    const whole = journalLine(reading(2));
    for (const length of [1, 7, 30, whole.length - 1]) {
      appendFileSync(join(folder, today), whole.slice(0, length));
      const { journal, replayed } = await open(folder);
      assert.deepEqual(replayed, [reading(1)]);
      assert.deepEqual(journal.problems, [{ segment: today, lineNumber: 2, reason: 'torn-line' }]);
      await journal.stop();
    }
    const last = await open(folder);
    await last.journal.append(reading(3));
    await last.journal.stop();
    const { replayed, journal } = await open(folder);
    assert.deepEqual([replayed, journal.problems], [[reading(1), reading(3)], []]);
  });

  it('reports a corrupt line in the middle and reads on behind it', async () => {
    const folder = newFolder();
    mkdirSync(folder);
    const bad = journalLine(reading(2)).replace('"n":2', '"n":3');
    writeFileSync(join(folder, today), journalLine(reading(1)) + bad + journalLine(reading(4)));
    const { journal, replayed } = await open(folder);
    assert.deepEqual(replayed, [reading(1), reading(4)]);
    assert.deepEqual(journal.problems, [{ segment: today, lineNumber: 2, reason: 'corrupt-line' }]);
  });

  it('never takes a damaged line for a record (seeded)', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), fc.integer({ min: 1, max: 255 }), (json, where, flip) => {
        const record = { ...reading(1), value: JSON.parse(json) };
        const line = Buffer.from(journalLine(record)).subarray(0, -1);
        assert.deepEqual(readJournalLine(line), JSON.parse(JSON.stringify(record)));
        line[where % line.length] = line[where % line.length]! ^ flip;
        assert.equal(readJournalLine(line), undefined);
      }),
      { seed, numRuns: 500 },
    );
  });

  it('begins a segment with each day, and puts nothing before older records when the clock is set back', async () => {
    const folder = newFolder();
    const { journal, fake } = await open(folder);
    await journal.append(reading(1));
    fake.advance(13 * 3_600_000);
    await journal.appendDurably(reading(2));
    await journal.stop();
    const names = readdirSync(folder).filter((name) => name.endsWith('.ndjson'));
    assert.deepEqual(names.sort(), [today, 'journal-2026-11-25.ndjson']);
    const back = await open(folder);
    await back.journal.append(reading(3));
    await back.journal.stop();
    assert.deepEqual(
      (await open(folder)).replayed,
      [1, 2, 3].map((n) => reading(n)),
    );
  });

  it('belongs to one process: refused while open, free after the stop, taken over from the dead', async () => {
    const folder = newFolder();
    const { journal } = await open(folder);
    await assert.rejects(open(folder), { code: 'FILE_LOCKED' });
    await journal.stop();
    await (await open(folder)).journal.stop();
    writeFileSync(join(folder, 'lock'), JSON.stringify({ pid: 2 ** 22 + 1, startedAt: '', lockId: 'dead' }));
    await (await open(folder)).journal.stop();
    writeFileSync(
      join(folder, 'lock'),
      JSON.stringify({ pid: process.pid, startedAt: 'another life', lockId: 'reused' }),
    );
    await (await open(folder)).journal.stop();
    writeFileSync(join(folder, 'lock'), 'torn');
    await (await open(folder)).journal.stop();
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.includes('lock')),
      [],
    );
  });
});

describe('journal and a full disk', () => {
  it('rejects, says that it cannot be written, and says so again when it can', async () => {
    const folder = newFolder();
    const changes: boolean[] = [];
    const { journal, fake } = await open(folder, { onWritableChanged: (isWritable) => void changes.push(isWritable) });
    symlinkSync('/dev/full', join(folder, segmentNameOf(startMs + DAY_MS)));
    fake.advance(DAY_MS);
    await assert.rejects(journal.append(reading(1)), { code: 'ENOSPC' });
    await assert.rejects(journal.appendDurably(reading(2)), { code: 'ENOSPC' });
    assert.deepEqual([journal.isWritable(), changes], [false, [false]]);
    unlinkSync(join(folder, segmentNameOf(startMs + DAY_MS)));
    fake.advance(5_000);
    await until('writable', () => journal.isWritable());
    await journal.appendDurably(reading(3));
    assert.deepEqual(changes, [false, true]);
    await journal.stop();
    assert.deepEqual((await open(folder)).replayed, [reading(3)]);
  });
});

describe('journal and a write that stops half-way', () => {
  it('leaves no half line, so that nothing in the middle is lost later', async () => {
    const folder = newFolder();
    const program = `
      const journal = await openJournal({ folder: FOLDER, replay() {} });
      const outcomes = [];
      for (let n = 0; n < 40; n++) {
        const record = { type: 'reading', cpId: 'CP001', atMs: n, supplyId: 'S1', n, padding: 'x'.repeat(n % 2 ? 900 : 10) };
        outcomes.push(await journal.append(record).then(() => n, () => -1));
      }
      console.log(JSON.stringify({ outcomes, isWritable: journal.isWritable() }));
      process.exit(0);`;
    const output = await runChild('sh', [
      '-c',
      'trap "" XFSZ; ulimit -f 8; exec "$0" "$@"',
      ...nodeArguments(program, folder),
    ]);
    const { outcomes, isWritable } = JSON.parse(output) as { outcomes: number[]; isWritable: boolean };
    const kept = outcomes.filter((n) => n >= 0);
    assert.ok(kept.length > 3 && kept.length < 40, `${kept.length} of 40 fitted`);
    assert.equal(isWritable, false);
    const { journal, replayed } = await open(folder);
    assert.deepEqual([replayed.map(({ n }) => n), journal.problems], [kept, []]);
  });
});

describe('journal compaction', () => {
  async function afterDays(days: number, records: Entry[]) {
    const folder = newFolder();
    mkdirSync(folder);
    for (const record of records) appendFileSync(join(folder, segmentNameOf(record.atMs)), journalLine(record));
    const fake = createFakeClock(startMs + days * DAY_MS);
    const first = await open(folder, { clock: ioClockOf(fake) });
    await first.journal.append({ type: 'local-hold', cpId: 'CP009', atMs: fake.nowMs() });
    await first.journal.compact();
    await first.journal.stop();
    return { replayed: (await open(folder, { clock: ioClockOf(fake) })).replayed.slice(0, -1), folder };
  }
  const day = (number: number, entry: Partial<Entry>): Entry => ({
    type: 'reading',
    cpId: 'CP001',
    atMs: startMs + number * DAY_MS,
    ...entry,
  });
  const supply = (number: number, supplyId: string, end?: string): Entry[] => [
    day(number, { supplyId, n: 1 }),
    ...(end ? [day(number, { supplyId, type: end })] : []),
  ];

  it('keeps acknowledged supplies seven days, and unacknowledged ones for ever', async () => {
    const records = [...supply(0, 'acked', 'acknowledged'), ...supply(0, 'dropped', 'dropped'), ...supply(0, 'open')];
    assert.deepEqual((await afterDays(7, records)).replayed, records);
    assert.deepEqual((await afterDays(9, records)).replayed, supply(0, 'open'));
    assert.deepEqual((await afterDays(400, records)).replayed, supply(0, 'open'));
  });

  it('counts the seven days from the acknowledgement', async () => {
    const records = [...supply(0, 'late'), day(20, { supplyId: 'late', type: 'acknowledged' })];
    assert.deepEqual((await afterDays(25, records)).replayed, records);
    assert.deepEqual((await afterDays(29, records)).replayed, []);
  });

  it('keeps the newest level of each kind and point', async () => {
    const hold = (number: number, cpId: string, isHeld: boolean) => day(number, { type: 'local-hold', cpId, isHeld });
    const records = [hold(0, 'CP001', true), hold(0, 'CP002', true), hold(0, 'CP001', false), hold(1, 'CP002', false)];
    assert.deepEqual((await afterDays(30, records)).replayed, [hold(0, 'CP001', false), hold(1, 'CP002', false)]);
  });

  it('removes a segment that nobody needs, and leaves a damaged one alone', async () => {
    const { folder } = await afterDays(30, supply(0, 'acked', 'acknowledged'));
    assert.equal(readdirSync(folder).includes(today), false);
    const damaged = newFolder();
    mkdirSync(damaged);
    const lines = supply(0, 'acked', 'acknowledged').map(journalLine);
    writeFileSync(join(damaged, today), `${lines[0]}garbage\n${lines[1]}`);
    writeFileSync(join(damaged, segmentNameOf(startMs + 30 * DAY_MS)), '');
    const { journal } = await open(damaged, { clock: ioClockOf(createFakeClock(startMs + 30 * DAY_MS)) });
    await journal.compact();
    assert.ok(readFileSync(join(damaged, today), 'utf8').includes('garbage'));
  });
});

describe('journal that stops', () => {
  it('lets its folder go only when a compaction that runs has ended', async () => {
    const folder = newFolder();
    const { journal, fake } = await open(folder);
    await journal.append(reading(1));
    await journal.append({ ...reading(2), type: 'acknowledged' });
    fake.advance(9 * DAY_MS);
    await journal.append({ type: 'local-hold', cpId: 'CP009', atMs: fake.nowMs() });
    const compacting = journal.compact();
    await journal.stop();
    assert.equal(readdirSync(folder).includes(today), false);
    await compacting;
  });
});

describe('journal and kill -9', () => {
  it('keeps every record whose append had resolved, at random moments (D-06)', async () => {
    for (let round = 0; round < 4; round++) {
      const folder = newFolder();
      const told = await appendUntilKilled(folder, 20 + ((seed + round * 37) % 120));
      const { journal, replayed } = await open(folder);
      assert.ok(told > 0, 'the child wrote something');
      assert.ok(replayed.length >= told, `told of ${told}, found ${replayed.length}`);
      assert.deepEqual(
        replayed.map(({ n }) => n),
        replayed.map((_, index) => index),
        'in order, without a gap',
      );
      assert.ok(journal.problems.every(({ reason }) => reason === 'torn-line'));
      await journal.stop();
    }
  });
});

/** A child appends as fast as it can and tells each number once it is kept; returns how many it told. */
async function appendUntilKilled(folder: string, afterMs: number): Promise<number> {
  const program = `
    import { writeSync } from 'node:fs';
    const journal = await openJournal({ folder: FOLDER, replay() {}, syncEveryMs: 10 });
    for (let n = 0; ; n++) {
      const record = { type: 'reading', cpId: 'CP001', atMs: Date.now(), supplyId: 'S1', n, padding: 'x'.repeat(n % 2000) };
      await (n % 50 === 0 ? journal.appendDurably(record) : journal.append(record));
      writeSync(1, n + '\\n');
    }`;
  const [command, ...childArguments] = nodeArguments(program, folder);
  const child = spawn(command, childArguments, { stdio: ['ignore', 'pipe', 'inherit'] });
  let told = '';
  child.stdout.on('data', (chunk: Buffer) => {
    told += chunk.toString();
  });
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
  await until('first record', () => told.includes('\n'));
  await delay(afterMs);
  child.kill('SIGKILL');
  await gone;
  return told.split('\n').length - 1;
}

function nodeArguments(program: string, folder: string): [string, ...string[]] {
  const source = `import { openJournal } from ${JSON.stringify(join(import.meta.dirname, 'journal.ts'))};
    const FOLDER = ${JSON.stringify(folder)};
    ${program}`;
  return [process.execPath, '--input-type=module', '-e', source];
}

async function runChild(command: string, childArguments: string[]): Promise<string> {
  const child = spawn(command, childArguments, { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  await new Promise<void>((resolve) => child.once('close', () => resolve()));
  return output;
}

import { readFileSync, writeFileSync } from 'node:fs';
import { systemClock } from '../src/io/clock.ts';
import { BadArgument, readCommandLine } from '../src/io/command-line.ts';
import { startLiveReader } from '../src/io/live/live-reader.ts';
import { createLog } from '../src/io/log.ts';
import type { LiveFrame, LiveReading } from '../src/messages/live-stream.ts';

/** What the viewer saw: open supplies by reading index, and a flat list of receivedAtMs, index, energyWh. */
export type ViewerRecord = { supplyIds: Record<number, string>; receipts: number[]; links: number };

const USAGE = `node bench/viewer.ts URL CA-FILE TOKEN-FILE OUTPUT

One viewer of Central's live stream, for bench/hot-path.ts; SIGTERM ends it, and OUTPUT has what it saw.`;

function watch([url = '', caFile = '', tokenFile = '', output = '']: readonly string[]): void {
  const seen: ViewerRecord = { supplyIds: {}, receipts: [], links: 0 };
  const noteSupply = (id: string, entity: unknown): void => {
    const index = (entity as { readingIndex?: number } | null)?.readingIndex;
    if (index !== undefined) seen.supplyIds[index] = id;
  };
  const noteReadings = (readings: readonly LiveReading[] | undefined): void => {
    const nowMs = systemClock.nowMs();
    for (const [index, , energyWh] of readings ?? []) seen.receipts.push(nowMs, index, energyWh);
  };
  const onFrame = (frame: LiveFrame): void => {
    if (frame.type === 'changes') {
      noteReadings(frame.readings);
      for (const [collection, id, entity] of frame.changes) if (collection === 'supplies') noteSupply(id, entity);
    } else if (frame.type === 'hello') {
      for (const [id, entity] of Object.entries(frame.snapshot.supplies ?? {})) noteSupply(id, entity);
    }
  };
  const reader = startLiveReader({
    ...{
      urls: [url],
      caFile,
      token: readFileSync(tokenFile, 'utf8').trim(),
      clock: systemClock,
      log: createLog('viewer'),
    },
    onFrame,
    onLink: (isUp) => {
      if (isUp) seen.links += 1;
    },
  });
  process.once('SIGTERM', () => {
    reader.stop();
    writeFileSync(output, JSON.stringify(seen));
  });
}

const asked = readCommandLine(process.argv.slice(2), {
  usage: USAGE,
  positionals: ['URL', 'CA-FILE', 'TOKEN-FILE', 'OUTPUT'],
  read: ({ positionals }) => {
    if (positionals.length < 4) throw new BadArgument('URL, CA-FILE, TOKEN-FILE and OUTPUT are needed');
    return positionals;
  },
});
if (asked) watch(asked);

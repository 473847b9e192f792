import type { LiveFrame, LiveReading, LiveSnapshot, Upstream } from '../../../messages/live-stream.ts';

/** A reading with the moment (monotonic, this page) at which it came: its age is shown, never guessed forward. */
export type ReceivedReading = { powerW: number; energyWh: number; amountCents: number; receivedAtMs: number };

/** What a page holds of one feed. */
export type FeedState = {
  streamId: string;
  seq: number;
  /** Server time at which the data was true. */
  dataAtMs: number;
  upstream: Upstream;
  collections: LiveSnapshot;
  readings: Readonly<Record<number, ReceivedReading>>;
};

function received(reading: LiveReading, receivedAtMs: number): ReceivedReading {
  return { powerW: reading[1], energyWh: reading[2], amountCents: reading[3], receivedAtMs };
}

function readingIndexOf(entity: unknown): number | undefined {
  return (entity as { readingIndex?: number } | undefined)?.readingIndex;
}

function withChanges(
  state: FeedState,
  frame: Extract<LiveFrame, { type: 'changes' }>,
  receivedAtMs: number,
): FeedState {
  const collections = { ...state.collections };
  const readings = { ...state.readings };
  const copied = new Set<string>();
  for (const [name, id, entity] of frame.changes) {
    if (!copied.has(name)) {
      collections[name] = { ...collections[name] };
      copied.add(name);
    }
    const entities = collections[name]!;
    const indexBefore = readingIndexOf(entities[id]);
    if (entity === null) delete entities[id];
    else entities[id] = entity;
    // An index is used again by a later supply: the figures of the earlier one must not show there.
    if (indexBefore !== undefined && indexBefore !== readingIndexOf(entities[id])) delete readings[indexBefore];
  }
  for (const reading of frame.readings ?? []) readings[reading[0]] = received(reading, receivedAtMs);
  const dataAtMs = state.upstream.isCentralReachable ? frame.serverTimeMs : state.dataAtMs;
  return { ...state, seq: frame.seq, dataAtMs, collections, readings };
}

/** The feed after a frame; 'GAP' if a change was missed, and the only cure is a new snapshot (protocol 5). */
export function applyFrame(state: FeedState | undefined, frame: LiveFrame, receivedAtMs: number): FeedState | 'GAP' {
  if (frame.type === 'hello')
    return {
      streamId: frame.streamId,
      seq: frame.seq,
      dataAtMs: frame.dataAtMs,
      upstream: frame.upstream,
      collections: frame.snapshot,
      readings: Object.fromEntries(frame.readings.map((reading) => [reading[0], received(reading, receivedAtMs)])),
    };
  if (state === undefined) return 'GAP';
  if (frame.type === 'beat') {
    if (frame.seq !== state.seq) return 'GAP';
    const isSameUpstream = JSON.stringify(frame.upstream) === JSON.stringify(state.upstream);
    return { ...state, dataAtMs: frame.dataAtMs, upstream: isSameUpstream ? state.upstream : frame.upstream };
  }
  if (frame.seq !== state.seq + 1) return 'GAP';
  return withChanges(state, frame, receivedAtMs);
}

/**
 * One frame on the wire (R1-27):
 *
 *   STX  data ...                     ETX  LRC
 *   02   sequence 23 json (UTF-8)     03   XOR of all data bytes
 *
 * Single bytes between frames: ENQ 05, ACK 06, EOT 04, NACK 15.
 * `data` ends at the first ETX: JSON escapes every control character, so no valid sender has one in it, and
 * `encodeFrame` refuses one that does. The byte after ETX is the LRC by position, whatever its value.
 */
export const CONTROL = { STX: 0x02, ETX: 0x03, EOT: 0x04, ENQ: 0x05, ACK: 0x06, NACK: 0x15 } as const;

/** Frames larger than this are refused unless the limits say otherwise. */
export const DEFAULT_MAX_FRAME_BYTES = 64 * 1024;

/** What the parser found, in the order of the bytes. After `too-long` or `unexpected-byte` the stream is lost. */
export type FrameEvent =
  | { kind: 'frame'; data: Buffer }
  | { kind: 'wrong-lrc'; data: Buffer }
  | { kind: 'enq' | 'ack' | 'nack' | 'eot' }
  | { kind: 'too-long' }
  | { kind: 'unexpected-byte'; byte: number };

/** Incremental: any split of the same bytes gives the same events. */
export type FrameParser = {
  push(chunk: Uint8Array, nowMs: number): FrameEvent[];
  /** When the unfinished frame began, on the clock of `push`; undefined between frames. */
  startedAtMs(): number | undefined;
};

const EVENT_OF_BYTE = new Map<number, FrameEvent>([
  [CONTROL.ENQ, { kind: 'enq' }],
  [CONTROL.ACK, { kind: 'ack' }],
  [CONTROL.NACK, { kind: 'nack' }],
  [CONTROL.EOT, { kind: 'eot' }],
]);

/** XOR of the bytes. */
export function lrcOf(data: Uint8Array): number {
  let lrc = 0;
  for (const byte of data) lrc ^= byte;
  return lrc;
}

/** STX data ETX LRC. Throws a RangeError for text with a raw control character (JSON has none) or that is too long. */
export function encodeFrame(text: string, maxBytes: number = DEFAULT_MAX_FRAME_BYTES): Buffer {
  const dataLength = Buffer.byteLength(text);
  if (dataLength > maxBytes) throw new RangeError(`frame of ${dataLength} bytes is over ${maxBytes}`);
  const frame = Buffer.allocUnsafe(dataLength + 3);
  frame[0] = CONTROL.STX;
  frame.write(text, 1, 'utf8');
  let lrc = 0;
  for (let at = 1; at <= dataLength; at++) {
    const byte = frame[at]!;
    if (byte < 0x20) throw new RangeError('frame data holds a raw control character');
    lrc ^= byte;
  }
  frame[dataLength + 1] = CONTROL.ETX;
  frame[dataLength + 2] = lrc;
  return frame;
}

/** A parser for one direction of one connection; pure but for its own memory, which `maxBytes` bounds. */
export function createFrameParser(maxBytes: number = DEFAULT_MAX_FRAME_BYTES): FrameParser {
  let position: 'between' | 'data' | 'lrc' | 'lost' = 'between';
  let startedAtMs: number | undefined;
  let pieces: Uint8Array[] = [];
  let pieceBytes = 0;

  function readData(chunk: Uint8Array, from: number, events: FrameEvent[]): number {
    const end = chunk.indexOf(CONTROL.ETX, from);
    const piece = chunk.subarray(from, end < 0 ? chunk.length : end);
    pieceBytes += piece.length;
    if (pieceBytes > maxBytes) {
      position = 'lost';
      pieces = [];
      events.push({ kind: 'too-long' });
      return chunk.length;
    }
    if (piece.length > 0) pieces.push(piece);
    if (end < 0) return chunk.length;
    position = 'lrc';
    return end + 1;
  }

  function readLrc(byte: number, events: FrameEvent[]): void {
    const data = Buffer.concat(pieces, pieceBytes);
    events.push({ kind: lrcOf(data) === byte ? 'frame' : 'wrong-lrc', data });
    position = 'between';
    startedAtMs = undefined;
    pieces = [];
    pieceBytes = 0;
  }

  function readBetween(byte: number, nowMs: number, events: FrameEvent[]): void {
    if (byte === CONTROL.STX) {
      position = 'data';
      startedAtMs = nowMs;
      return;
    }
    const event = EVENT_OF_BYTE.get(byte);
    if (!event) position = 'lost';
    events.push(event ?? { kind: 'unexpected-byte', byte });
  }

  return {
    startedAtMs: () => startedAtMs,
    push(chunk, nowMs) {
      const events: FrameEvent[] = [];
      let at = 0;
      while (at < chunk.length && position !== 'lost') {
        if (position === 'data') at = readData(chunk, at, events);
        else if (position === 'lrc') readLrc(chunk[at++]!, events);
        else readBetween(chunk[at++]!, nowMs, events);
      }
      return events;
    },
  };
}

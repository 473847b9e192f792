import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { testSeed } from '../../testing/seed.ts';
import { CONTROL, createFrameParser, encodeFrame, type FrameEvent, lrcOf } from './frame.ts';

const { STX, ETX, EOT, ENQ, ACK, NACK } = CONTROL;
const seed = testSeed('frame');

function parse(chunks: Uint8Array[], maxBytes?: number): FrameEvent[] {
  const parser = createFrameParser(maxBytes);
  return chunks.flatMap((chunk) => parser.push(chunk, 0));
}

function texts(events: FrameEvent[]): string[] {
  return events.map((event) => ('data' in event ? `${event.kind}:${event.data.toString()}` : event.kind));
}

/** Printable text whose XOR is `wanted`. */
function textWithLrc(wanted: number): string {
  for (let first = 0x20; first < 0x7f; first++) {
    for (let second = 0x20; second < 0x7f; second++) {
      for (const tail of ['', ' ']) {
        const text = String.fromCharCode(first, second) + tail;
        if (lrcOf(Buffer.from(text)) === wanted) return text;
      }
    }
  }
  throw new Error(`no text with LRC ${wanted}`);
}

describe('frame bytes', () => {
  it('lays out STX, data, ETX and the XOR of the data (R1-27)', () => {
    assert.deepEqual([...encodeFrame('AB')], [STX, 0x41, 0x42, ETX, 0x41 ^ 0x42]);
    assert.deepEqual([...encodeFrame('')], [STX, ETX, 0]);
  });

  it('reads one frame that comes byte by byte (F-57)', () => {
    const bytes = [...encodeFrame('{"a":"ñ"}')].map((byte) => Uint8Array.of(byte));
    assert.deepEqual(texts(parse(bytes)), ['frame:{"a":"ñ"}']);
  });

  it('reads several frames and answers of one chunk, in order (F-57)', () => {
    const chunk = Buffer.concat([
      Buffer.of(ENQ, ACK),
      encodeFrame('one'),
      Buffer.of(NACK),
      encodeFrame('two'),
      Buffer.of(EOT),
    ]);
    assert.deepEqual(texts(parse([chunk])), ['enq', 'ack', 'frame:one', 'nack', 'frame:two', 'eot']);
  });

  it('takes the LRC by position when it equals a control byte (F-57)', () => {
    for (const control of Object.values(CONTROL)) {
      const text = textWithLrc(control);
      const bytes = Buffer.concat([encodeFrame(text), encodeFrame('next')]);
      assert.equal(bytes[text.length + 2], control);
      assert.deepEqual(texts(parse([bytes])), [`frame:${text}`, 'frame:next']);
      assert.deepEqual(texts(parse([...bytes].map((byte) => Uint8Array.of(byte)))), [`frame:${text}`, 'frame:next']);
    }
  });

  it('carries control characters in JSON, and refuses raw ones when sending (F-57)', () => {
    const message = { text: String.fromCharCode(STX, ETX, EOT, ENQ, ACK, NACK, 0, 10, 127) };
    const [event] = parse([encodeFrame(JSON.stringify(message))]);
    assert.ok(event?.kind === 'frame');
    assert.deepEqual(JSON.parse(event.data.toString()), message);
    assert.throws(() => encodeFrame(`a${String.fromCharCode(ETX)}b`), RangeError);
  });

  it('tells a wrong LRC and goes on with the next frame (F-57)', () => {
    const broken = encodeFrame('one');
    broken[broken.length - 1] = broken[broken.length - 1]! ^ 0xff;
    assert.deepEqual(texts(parse([broken, encodeFrame('two')])), ['wrong-lrc:one', 'frame:two']);
  });

  it('gives up on a frame that is too long, before its end is seen, and reads nothing after it', () => {
    assert.deepEqual(texts(parse([Buffer.of(STX), Buffer.alloc(11, 0x41)], 10)), ['too-long']);
    assert.deepEqual(texts(parse([encodeFrame('x'.repeat(11)), encodeFrame('y')], 10)), ['too-long']);
    assert.deepEqual(texts(parse([encodeFrame('x'.repeat(10))], 10)), [`frame:${'x'.repeat(10)}`]);
    assert.throws(() => encodeFrame('x'.repeat(11), 10), RangeError);
  });

  it('gives up on a byte that belongs nowhere', () => {
    assert.deepEqual(parse([Buffer.from('GET / HTTP/1.1')]), [{ kind: 'unexpected-byte', byte: 0x47 }]);
  });

  it('knows since when a frame is unfinished', () => {
    const parser = createFrameParser();
    parser.push(Buffer.of(ENQ), 1);
    assert.equal(parser.startedAtMs(), undefined);
    parser.push(Buffer.of(STX, 0x41), 5);
    parser.push(Buffer.of(0x41, ETX), 9);
    assert.equal(parser.startedAtMs(), 5);
    parser.push(Buffer.of(0), 12);
    assert.equal(parser.startedAtMs(), undefined);
  });
});

const piece = fc.oneof(
  fc.json().map((text) => ({ bytes: encodeFrame(text), means: `frame:${text}` })),
  fc.constantFrom(
    { bytes: Buffer.of(ENQ), means: 'enq' },
    { bytes: Buffer.of(ACK), means: 'ack' },
    { bytes: Buffer.of(NACK), means: 'nack' },
    { bytes: Buffer.of(EOT), means: 'eot' },
  ),
);

describe('frame properties', () => {
  it('gives the same events for every split of the same bytes (F-57)', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), fc.array(fc.integer({ min: 1, max: 40 })), (pieces, sizes) => {
        const bytes = Buffer.concat(pieces.map(({ bytes: one }) => one));
        const chunks: Uint8Array[] = [];
        for (let at = 0, turn = 0; at < bytes.length; turn++) {
          const size = sizes.length > 0 ? sizes[turn % sizes.length]! : bytes.length;
          chunks.push(bytes.subarray(at, at + size));
          at += size;
        }
        assert.deepEqual(
          texts(parse(chunks)),
          pieces.map(({ means }) => means),
        );
      }),
      { seed, numRuns: 500 },
    );
  });

  it('never takes a frame with one changed data byte for a good one', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), fc.integer({ min: 1, max: 255 }), (text, where, flip) => {
        const frame = encodeFrame(text);
        const at = 1 + (where % Buffer.byteLength(text));
        frame[at] = frame[at]! ^ flip;
        assert.ok(!texts(parse([frame])).includes(`frame:${frame.toString('utf8', 1, frame.length - 2)}`));
      }),
      { seed, numRuns: 500 },
    );
  });

  it('survives any bytes within its memory', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 60 })), (chunks) => {
        for (const event of parse(chunks, 50)) if ('data' in event) assert.ok(event.data.length <= 50);
      }),
      { seed, numRuns: 500 },
    );
  });
});

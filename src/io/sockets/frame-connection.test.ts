import assert from 'node:assert/strict';
import { type Duplex, duplexPair } from 'node:stream';
import { describe, it } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { createFakeClock, type FakeClock } from '../../testing/fake-clock.ts';
import { ioClockOf } from '../../testing/io-clock.ts';
import { testSeed } from '../../testing/seed.ts';
import { CONTROL, createFrameParser, encodeFrame } from './frame.ts';
import { createFrameConnection, type FrameConnection, type FrameConnectionOptions } from './frame-connection.ts';
import type { CloseReason } from './frame-limits.ts';

const { STX, ETX, EOT, ENQ, ACK, NACK } = CONTROL;
const seed = testSeed('frame-connection');

type Side = { connection: FrameConnection; received: unknown[]; closes: CloseReason[] };

function side(duplex: Duplex, options: Partial<FrameConnectionOptions> & Pick<FrameConnectionOptions, 'role'>): Side {
  const received: unknown[] = [];
  const closes: CloseReason[] = [];
  const connection = createFrameConnection(duplex, {
    onMessage: (message) => void received.push(message),
    onClose: (reason) => void closes.push(reason),
    unacknowledgedTypes: ['beat'],
    ...options,
  });
  return { connection, received, closes };
}

/** A listener under test, and the raw wire at its other end. */
function listenerOnWire(options: Partial<FrameConnectionOptions> = {}) {
  const fake = createFakeClock();
  const [near, wire] = duplexPair();
  const sent: Buffer[] = [];
  wire.on('data', (chunk: Buffer) => sent.push(chunk));
  wire.on('error', () => {});
  const tested = side(near, { role: 'listener', clock: ioClockOf(fake), ...options });
  return { ...tested, fake, wire, sentBytes: () => Buffer.concat(sent) };
}

async function settle(turns = 20): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await nextTurn();
}

async function greeted(options: Partial<FrameConnectionOptions> = {}) {
  const tested = listenerOnWire(options);
  tested.wire.write(Buffer.of(ENQ));
  await settle();
  assert.deepEqual([...tested.sentBytes()], [ACK]);
  return tested;
}

function pair(options: { listener?: Partial<FrameConnectionOptions>; dialler?: Partial<FrameConnectionOptions> } = {}) {
  const [near, far] = duplexPair();
  return {
    listener: side(near, { role: 'listener', ...options.listener }),
    dialler: side(far, { role: 'dialler', ...options.dialler }),
  };
}

describe('frame connection, both ends', () => {
  it('delivers in order in both directions and resolves on ACK', async () => {
    const { listener, dialler } = pair();
    await Promise.all([
      ...[1, 2, 3].map((n) => dialler.connection.send({ type: 'up', n })),
      ...[1, 2, 3].map((n) => listener.connection.send({ type: 'down', n })),
    ]);
    assert.deepEqual(
      listener.received,
      [1, 2, 3].map((n) => ({ type: 'up', n })),
    );
    assert.deepEqual(
      dialler.received,
      [1, 2, 3].map((n) => ({ type: 'down', n })),
    );
    await dialler.connection.close();
    await settle();
    assert.deepEqual(
      [dialler.closes.map(({ code }) => code), listener.closes.map(({ code }) => code)],
      [['local'], ['peer']],
    );
  });

  it('sends what is queued before EOT', async () => {
    const { listener, dialler } = pair();
    const sends = Array.from({ length: 25 }, (_, n) => dialler.connection.send({ type: 'up', n }));
    await settle();
    await dialler.connection.close();
    await Promise.all(sends);
    assert.equal(listener.received.length, 25);
  });

  it('survives any mix of messages and beats (seeded)', async () => {
    const message = fc.record({ isBeat: fc.boolean(), text: fc.string({ unit: 'binary' }) });
    await fc.assert(
      fc.asyncProperty(fc.array(message, { maxLength: 30 }), async (messages) => {
        const { listener, dialler } = pair();
        await settle(4);
        const sends = messages.map(({ isBeat, text }) =>
          isBeat ? dialler.connection.sendBeat({ type: 'beat', text }) : dialler.connection.send({ type: 'up', text }),
        );
        await Promise.all(sends);
        await settle(4);
        const wanted = messages.filter(({ isBeat }) => !isBeat).map(({ text }) => ({ type: 'up', text }));
        assert.deepEqual(
          listener.received.filter((one) => (one as { type: string }).type === 'up'),
          wanted,
        );
        await dialler.connection.close();
      }),
      { seed, numRuns: 100 },
    );
  });

  it('holds ACKs back while handlers run, so a fast peer waits', async () => {
    const gates: (() => void)[] = [];
    const { listener, dialler } = pair({
      listener: { limits: { maxHandling: 2 }, onMessage: () => new Promise<void>((resolve) => gates.push(resolve)) },
    });
    let done = 0;
    const sends = [1, 2, 3, 4].map(async (n) => {
      await dialler.connection.send({ type: 'up', n });
      done += 1;
    });
    await settle();
    assert.deepEqual([gates.length, done], [2, 1]);
    while (done < 4) {
      gates.shift()?.();
      await settle(2);
    }
    await Promise.all(sends);
    listener.connection.destroy();
  });

  it('closes when a handler fails', async () => {
    const { listener, dialler } = pair({ listener: { onMessage: () => Promise.reject(new Error('broken')) } });
    await dialler.connection.send({ type: 'up' }).catch(() => {});
    await settle();
    assert.equal(listener.closes[0]?.code, 'handler-failed');
  });

  it('refuses messages beyond the queue and tells those that wait when it closes', async () => {
    const { dialler, listener } = pair({
      dialler: { limits: { maxQueued: 1 } },
      listener: { limits: { maxHandling: 1 } },
    });
    const first = dialler.connection.send({ type: 'up', n: 1 });
    await assert.rejects(dialler.connection.send({ type: 'up', n: 2 }), { code: 'QUEUE_FULL' });
    listener.connection.destroy();
    await assert.rejects(first, { code: 'CLOSED' });
    await assert.rejects(dialler.connection.send({ type: 'up', n: 3 }), { code: 'CLOSED' });
    assert.equal(dialler.connection.sendBeat({ type: 'beat' }), false);
  });

  it('refuses a message that is larger than a frame', async () => {
    const { dialler } = pair({ dialler: { limits: { maxFrameBytes: 50 } } });
    await assert.rejects(dialler.connection.send({ type: 'up', text: 'x'.repeat(50) }), { code: 'NOT_SENDABLE' });
    dialler.connection.destroy();
  });
});

describe('frame connection, on the wire', () => {
  it('answers a good frame with ACK and a wrong LRC with NACK, and takes the repeat (F-57)', async () => {
    const { wire, received, sentBytes, connection } = await greeted();
    const broken = encodeFrame('0#{"n":1}');
    broken[broken.length - 1] = broken[broken.length - 1]! ^ 1;
    wire.write(broken);
    wire.write(encodeFrame('0#{"n":1}'));
    await settle();
    assert.deepEqual([...sentBytes()], [ACK, NACK, ACK]);
    assert.deepEqual(received, [{ n: 1 }]);
    connection.destroy();
  });

  it('delivers a frame once when its ACK was lost and it comes again', async () => {
    const { wire, received, sentBytes, connection } = await greeted();
    for (const text of ['0#{"n":1}', '0#{"n":1}', '1#{"n":2}', '1#{"n":2}', '2#{"n":2}']) wire.write(encodeFrame(text));
    await settle();
    assert.deepEqual([...sentBytes()], [ACK, ACK, ACK, ACK, ACK, ACK]);
    assert.deepEqual(received, [{ n: 1 }, { n: 2 }, { n: 2 }]);
    connection.destroy();
  });

  it('answers beats with nothing, not even a broken one, and refuses other types as beats', async () => {
    const { wire, received, sentBytes, closes } = await greeted();
    const broken = encodeFrame('-#{"type":"beat"}');
    broken[broken.length - 1] = broken[broken.length - 1]! ^ 1;
    wire.write(Buffer.concat([encodeFrame('-#{"type":"beat","n":1}'), broken]));
    await settle();
    assert.deepEqual([...sentBytes()], [ACK]);
    assert.deepEqual(received, [{ type: 'beat', n: 1 }]);
    wire.write(encodeFrame('-#{"type":"authenticate"}'));
    await settle();
    assert.deepEqual(
      closes.map(({ code }) => code),
      ['protocol'],
    );
  });

  it('sends again on NACK, three times, then closes', async () => {
    const { wire, connection, closes, sentBytes } = await greeted();
    const send = connection.send({ n: 1 });
    const frame = encodeFrame('0#{"n":1}');
    for (let copies = 1; copies <= 4; copies++) {
      await settle();
      assert.deepEqual(sentBytes(), Buffer.concat([Buffer.of(ACK), ...Array(copies).fill(frame)]));
      wire.write(Buffer.of(NACK));
    }
    await assert.rejects(send, { code: 'CLOSED' });
    assert.equal(closes[0]?.code, 'nacked');
  });

  it('closes on silence after a frame, not before', async () => {
    const { fake, connection, closes } = await greeted({ limits: { ackTimeoutMs: 5_000 } });
    const send = connection.send({ n: 1 });
    send.catch(() => {});
    fake.advance(4_999);
    assert.equal(closes.length, 0);
    fake.advance(1);
    await assert.rejects(send, { code: 'CLOSED' });
    assert.equal(closes[0]?.code, 'silence');
  });

  it('closes on a frame that takes too long, however steadily its bytes drip', async () => {
    const { fake, wire, closes } = await greeted({ limits: { frameTimeoutMs: 1_000 } });
    wire.write(Buffer.of(STX));
    for (let at = 0; at < 9; at++) {
      wire.write(Buffer.from('x'));
      await settle(3);
      fake.advance(110);
    }
    assert.equal(closes.length, 0);
    fake.advance(10);
    assert.deepEqual(
      closes.map(({ code }) => code),
      ['too-slow'],
    );
  });

  it('closes on a frame that is too long', async () => {
    const { wire, closes } = await greeted({ limits: { maxFrameBytes: 100 } });
    wire.write(Buffer.concat([Buffer.of(STX), Buffer.alloc(101, 0x41)]));
    await settle();
    assert.equal(closes[0]?.code, 'too-long');
  });

  it('closes on what is no protocol of ours: no greeting, a second ENQ, bad JSON, an answer to nothing, a gap', async () => {
    const silent = listenerOnWire({ limits: { greetingTimeoutMs: 1_000 } });
    silent.fake.advance(1_000);
    assert.equal(silent.closes[0]?.code, 'no-greeting');
    const cases: [Buffer, CloseReason['code']][] = [
      [Buffer.of(ENQ), 'protocol'],
      [Buffer.of(ACK), 'protocol'],
      [encodeFrame('0#{"n":'), 'malformed'],
      [encodeFrame('{"n":1}'), 'malformed'],
      [Buffer.of(STX, ETX, 0), 'malformed'],
      [encodeFrame('5#{"n":1}'), 'protocol'],
      [Buffer.of(EOT), 'peer'],
      [Buffer.of(0x41), 'protocol'],
    ];
    for (const [bytes, code] of cases) {
      const { wire, closes, received } = await greeted();
      wire.write(bytes);
      await settle();
      assert.deepEqual([closes.map((reason) => reason.code), received], [[code], []]);
    }
  });

  it('closes a peer that floods', async () => {
    const { wire, closes } = await greeted({ limits: { maxFramesPerSecond: 10 } });
    for (let n = 0; n < 11; n++) wire.write(encodeFrame('-#{"type":"beat"}'));
    await settle();
    assert.equal(closes[0]?.code, 'too-many');
  });

  it('delivers each message once over a line that spoils frames and answers (seeded)', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom('good', 'spoil'), { maxLength: 12 }), async (fates) => {
        const received = await overSpoilingLine(fates, 6);
        assert.deepEqual(
          received,
          [0, 1, 2, 3, 4, 5].map((n) => ({ n })),
        );
      }),
      { seed, numRuns: 100 },
    );
  });
});

/** Frames of the dialler pass a line that answers NACK for some ACKs, as if the ACK had been spoilt on its way. */
async function overSpoilingLine(fates: string[], count: number): Promise<unknown[]> {
  const fake: FakeClock = createFakeClock();
  const [near, nearLine] = duplexPair();
  const [far, farLine] = duplexPair();
  const listener = side(near, { role: 'listener', clock: ioClockOf(fake) });
  const dialler = side(far, { role: 'dialler', clock: ioClockOf(fake), limits: { maxResends: 100 } });
  const answers = createFrameParser();
  let turn = 0;
  let isGreeted = false;
  farLine.on('data', (chunk: Buffer) => nearLine.write(chunk));
  nearLine.on('data', (chunk: Buffer) => {
    for (const event of answers.push(chunk, 0)) {
      const isSpoilt = isGreeted && event.kind === 'ack' && fates[turn++] === 'spoil';
      farLine.write(Buffer.of(isSpoilt ? NACK : ACK));
      isGreeted = true;
    }
  });
  for (let n = 0; n < count; n++) await dialler.connection.send({ n });
  listener.connection.destroy();
  dialler.connection.destroy();
  return listener.received;
}

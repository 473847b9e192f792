import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { createActivityLog } from '../../io/live/activity-log.ts';
import { createLog } from '../../io/log.ts';
import { newRandomId } from '../../io/new-id.ts';
import type { FrameConnection } from '../../io/sockets/frame-connection.ts';
import { frameMessage } from '../../io/sockets/frame-messages.ts';
import { pairingProof } from '../../io/sockets/pairing.ts';
import type { Envelope } from '../../messages/envelope.ts';
import { createFakeClock, type FakeClock } from '../../testing/fake-clock.ts';
import { ioClockOf } from '../../testing/io-clock.ts';
import { RecordingAudit } from '../../testing/point-world.ts';
import { EngineWatch } from './watch-engine.ts';

const TOKEN = 'pairing';
const [OLD_KEY, NEW_KEY] = [newRandomId(), newRandomId()];
const material = Buffer.alloc(32, 7);

/** An engine at the end of a connection that a test drives by hand. */
class HandEngine {
  readonly said: Envelope[] = [];
  isDestroyed = false;
  isAnswering = true;
  answer: { ok: boolean; isChannelUp: boolean; code?: string; keyId?: string } = { ok: true, isChannelUp: true };
  readonly #clock: FakeClock;
  readonly handlers: ReturnType<EngineWatch['accept']>;

  constructor(watch: EngineWatch, clock: FakeClock, bootId = newRandomId()) {
    this.#clock = clock;
    const connection: FrameConnection = {
      send: async (message) => void this.said.push(message as Envelope),
      sendBeat: (message) => this.#asked(message as Envelope),
      close: async () => this.close(),
      destroy: () => this.close(),
      isOpen: () => !this.isDestroyed,
    };
    const peer = { address: '127.0.0.1', port: 1, exportPairingMaterial: () => material };
    this.handlers = watch.accept(connection, peer);
    const proof = pairingProof({ token: TOKEN, side: 'engine', exportedMaterial: material });
    this.say('engine-hello', { bootId, proof });
  }

  say(type: string, body: unknown): void {
    void this.handlers.onMessage(frameMessage(type, body, { nowMs: this.#clock.nowMs() }));
  }

  close(): void {
    if (this.isDestroyed) return;
    this.isDestroyed = true;
    this.handlers.onClose({ code: 'socket-ended' });
  }

  #asked(question: Envelope): boolean {
    this.said.push(question);
    const { sequence } = question.body as { sequence: number };
    if (this.isAnswering) this.#clock.after(5, () => this.say('health-answer', { sequence, ...this.answer }));
    return true;
  }
}

let clock: FakeClock;
let audit: RecordingAudit;
let watch: EngineWatch;
let edges: number[];
beforeEach(() => {
  clock = createFakeClock();
  audit = new RecordingAudit();
  edges = [];
  watch = new EngineWatch({
    ...{ cpId: 'CP001', pairingToken: TOKEN, healthPeriodMs: 1_000, clock: ioClockOf(clock), audit },
    ...{ log: createLog('test', { level: 'silent' }), activity: createActivityLog(ioClockOf(clock)) },
    isCentralReachable: () => true,
    keyToInstall: () => undefined,
    onKeyInstalled: () => undefined,
    onChange: (isEdge) => {
      if (isEdge) edges.push(clock.nowMs());
    },
  });
});

describe('the engine’s health (protocol 2.4)', () => {
  it('R1-23 is asked each second, and OK with the first answer', () => {
    const engine = new HandEngine(watch, clock);
    clock.advance(5);
    assert.equal(watch.status.isOk, true);
    clock.advance(5_000);
    assert.equal(engine.said.filter(({ type }) => type === 'health-question').length, 6);
    assert.deepEqual([watch.status.isOk, watch.status.isChannelUp, edges.length], [true, true, 1]);
  });

  it('D-10 S-MON-02 silence is KO within three seconds, whenever it begins', () => {
    for (let silentAfterMs = 0; silentAfterMs < 1_000; silentAfterMs += 50) {
      const engine = new HandEngine(watch, clock);
      clock.advance(2_000 + silentAfterMs);
      assert.equal(watch.status.isOk, true);
      engine.isAnswering = false;
      const silentAtMs = clock.nowMs();
      while (watch.status.isOk) clock.advance(10);
      assert.ok(clock.nowMs() - silentAtMs <= 2_610, `${clock.nowMs() - silentAtMs} ms after ${silentAfterMs}`);
      assert.equal(watch.status.code, 'ENGINE_SILENT');
      engine.close();
    }
  });

  it('D-08 a Monitor that has just started calls nothing KO before its engine had time to dial', () => {
    clock.advance(5_900);
    assert.deepEqual([watch.verdict.isSettled, edges.length], [false, 0]);
    clock.advance(200);
    assert.deepEqual([watch.verdict.isSettled, watch.verdict.isOk, edges.length], [true, false, 1]);
  });

  it('D-08 the first answer, or the loss of the engine, settles it at once', () => {
    const engine = new HandEngine(watch, clock);
    assert.equal(watch.verdict.isSettled, false);
    clock.advance(5);
    assert.deepEqual([watch.verdict.isSettled, watch.verdict.isOk], [true, true]);
    engine.close();
    assert.equal(watch.verdict.isOk, false);
  });

  it('R2-10 a point that is registered anew shows no fault, and records no incident, before its engine had time to dial', () => {
    const former = new HandEngine(watch, clock);
    clock.advance(1_500);
    watch.startAnew();
    assert.deepEqual([former.isDestroyed, watch.verdict.isSettled, watch.status.strip], [true, false, []]);
    clock.advance(5_900);
    assert.equal(watch.verdict.isSettled, false);
    const again = new HandEngine(watch, clock);
    clock.advance(5);
    assert.deepEqual([watch.verdict.isSettled, watch.verdict.isOk, watch.status.isPaired], [true, true, true]);
    assert.deepEqual(audit.actions(), []);
    again.close();
    watch.startAnew();
    clock.advance(6_000);
    assert.deepEqual([watch.verdict.isSettled, watch.verdict.isOk, watch.verdict.code], [true, false, 'NO_ENGINE']);
  });

  it('a point given up while its Monitor stops starts nothing again', () => {
    watch.stop();
    watch.startAnew();
    clock.advance(10_000);
    assert.deepEqual([edges.length, watch.verdict.isSettled], [0, false]);
  });

  it('F-53 a revoked key is no channel at once, whatever an answer on its way still says', () => {
    const engine = new HandEngine(watch, clock);
    engine.answer = { ok: true, isChannelUp: true, keyId: OLD_KEY };
    clock.advance(5);
    assert.equal(watch.verdict.isChannelUp, true);
    const before = edges.length;
    watch.revokeKey(OLD_KEY);
    assert.deepEqual([watch.verdict.isChannelUp, edges.length], [false, before + 1]);
    clock.advance(1_100);
    assert.equal(watch.verdict.isChannelUp, false);
    engine.answer = { ok: true, isChannelUp: true, keyId: NEW_KEY };
    clock.advance(1_000);
    assert.equal(watch.verdict.isChannelUp, true);
  });

  it('one missed answer is no fault: the second question follows at once', () => {
    const engine = new HandEngine(watch, clock);
    clock.advance(1_500);
    engine.isAnswering = false;
    clock.advance(600);
    engine.isAnswering = true;
    clock.advance(2_000);
    assert.deepEqual([watch.status.isOk, watch.status.missedInARow, edges.length], [true, 0, 1]);
    assert.ok(watch.status.strip.includes('MISSED'));
  });

  it('an answer that comes after its time does not count for the next question', () => {
    const engine = new HandEngine(watch, clock);
    clock.advance(1_500);
    engine.isAnswering = false;
    clock.advance(500);
    const { sequence } = engine.said.at(-1)!.body as { sequence: number };
    clock.advance(810);
    engine.say('health-answer', { sequence, ok: true, isChannelUp: true });
    clock.advance(800);
    assert.equal(watch.status.isOk, false);
  });

  it('a channel that is down is told at once and is no fault (NO_CHANNEL)', () => {
    const engine = new HandEngine(watch, clock);
    clock.advance(1_500);
    engine.answer = { ok: true, isChannelUp: false };
    clock.advance(1_000);
    assert.deepEqual([watch.status.isOk, watch.status.isChannelUp, edges.length], [true, false, 2]);
  });

  it('a frozen engine is asked on, and OK with its next answer', () => {
    const engine = new HandEngine(watch, clock);
    clock.advance(1_500);
    engine.isAnswering = false;
    clock.advance(20_000);
    assert.equal(watch.status.isOk, false);
    engine.isAnswering = true;
    clock.advance(1_810);
    assert.equal(watch.status.isOk, true);
  });
});

describe('pairing', () => {
  it('a second engine is refused while the first answers, and takes the place of a silent one', () => {
    const first = new HandEngine(watch, clock);
    clock.advance(1_500);
    const second = new HandEngine(watch, clock);
    assert.deepEqual(second.said.at(-1)?.body, { code: 'ALREADY_PAIRED' });
    assert.equal(audit.actions().at(-1), 'CONNECTION_REFUSED');
    first.isAnswering = false;
    clock.advance(3_000);
    const third = new HandEngine(watch, clock);
    clock.advance(10);
    assert.deepEqual([first.isDestroyed, third.isDestroyed, watch.status.isOk], [true, false, true]);
  });

  it('nothing counts before the proof: an unpaired connection that answers is cut off', () => {
    const engine = new HandEngine(watch, clock);
    let isCut = false;
    const cut = () => {
      isCut = true;
    };
    const stranger = watch.accept(
      { ...fakeConnection(), destroy: cut },
      { address: '10.0.0.9', port: 1, exportPairingMaterial: () => material },
    );
    void stranger.onMessage(frameMessage('key-installed', { keyId: newRandomId() }, { nowMs: 0 }));
    assert.equal(isCut, true);
    assert.equal(engine.isDestroyed, false);
    assert.equal(audit.actions().at(-1), 'VALIDATION_ERROR');
  });

  it('a proof of another connection is worthless', () => {
    const said: Envelope[] = [];
    const other = watch.accept(
      { ...fakeConnection(), send: async (message) => void said.push(message as Envelope) },
      { address: '10.0.0.9', port: 1, exportPairingMaterial: () => Buffer.alloc(32, 8) },
    );
    const proof = pairingProof({ token: TOKEN, side: 'engine', exportedMaterial: material });
    void other.onMessage(frameMessage('engine-hello', { bootId: newRandomId(), proof }, { nowMs: 0 }));
    assert.deepEqual(said.at(-1)?.body, { code: 'BAD_PAIRING' });
    assert.equal(watch.status.isPaired, false);
  });
});

function fakeConnection(): FrameConnection {
  return {
    send: async () => undefined,
    sendBeat: () => true,
    close: async () => undefined,
    destroy: () => undefined,
    isOpen: () => true,
  };
}

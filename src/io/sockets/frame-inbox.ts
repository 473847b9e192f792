import type { Clock } from '../clock.ts';
import type { CloseReason, FrameLimits } from './frame-limits.ts';

/** What the receiving half needs of its connection. */
export type InboxParts = {
  limits: FrameLimits;
  clock: Clock;
  acknowledge(): void;
  refuse(): void;
  fail(code: CloseReason['code'], detail?: unknown): void;
  isClosed(): boolean;
  onMessage(message: unknown): void | Promise<void>;
  unacknowledgedTypes: ReadonlySet<string>;
};

const MARK_OF_BEAT = '-'.charCodeAt(0);
const SEPARATOR = '#'.charCodeAt(0);
const DIGIT_ZERO = '0'.charCodeAt(0);

/**
 * The receiving half: whole frames in, each message once out. A frame whose digit is that of the last one is a
 * repeat: acknowledged again, not delivered again. ACK means received; while `maxHandling` handlers run it is held
 * back, which stops the peer (one frame in flight).
 */
export class FrameInbox {
  readonly #parts: InboxParts;
  #expected = 0;
  #hasReceived = false;
  #handling = 0;
  #isAckHeldBack = false;
  #secondStartedAtMs = Number.NEGATIVE_INFINITY;
  #framesThisSecond = 0;

  constructor(parts: InboxParts) {
    this.#parts = parts;
  }

  take({ kind, data }: { kind: 'frame' | 'wrong-lrc'; data: Buffer }): void {
    const isBeat = data[0] === MARK_OF_BEAT;
    const digit = (data[0] ?? 0) - DIGIT_ZERO;
    const hasMark = data[1] === SEPARATOR && (isBeat || (digit >= 0 && digit <= 9));
    if (this.#isTooMany()) this.#parts.fail('too-many');
    else if (kind === 'wrong-lrc' && !isBeat) this.#parts.refuse();
    else if (kind === 'wrong-lrc') return;
    else if (!hasMark) this.#parts.fail('malformed', 'no sequence digit');
    else if (isBeat) this.#takeBeat(data);
    else this.#takeNumbered(digit, data);
  }

  #takeBeat(data: Buffer): void {
    const { fail, limits, unacknowledgedTypes } = this.#parts;
    const parsed = this.#parse(data);
    if (!parsed) return;
    if (!unacknowledgedTypes.has(typeOf(parsed.message))) fail('protocol', 'this type may not come as a beat');
    else if (this.#handling < limits.maxHandling) void this.#handle(parsed.message);
  }

  #takeNumbered(digit: number, data: Buffer): void {
    const { acknowledge, fail, limits } = this.#parts;
    const isRepeat = this.#hasReceived && digit === (this.#expected + 9) % 10;
    if (this.#isAckHeldBack) fail('protocol', 'a frame before the answer to the last one');
    else if (isRepeat) acknowledge();
    else if (digit !== this.#expected) fail('protocol', `frame ${digit} instead of ${this.#expected}`);
    else {
      const parsed = this.#parse(data);
      if (!parsed) return;
      this.#expected = (this.#expected + 1) % 10;
      this.#hasReceived = true;
      this.#isAckHeldBack = this.#handling + 1 >= limits.maxHandling;
      if (!this.#isAckHeldBack) acknowledge();
      void this.#handle(parsed.message);
    }
  }

  async #handle(message: unknown): Promise<void> {
    this.#handling += 1;
    try {
      await this.#parts.onMessage(message);
    } catch (error) {
      this.#parts.fail('handler-failed', error);
    }
    this.#handling -= 1;
    if (!this.#isAckHeldBack || this.#parts.isClosed()) return;
    this.#isAckHeldBack = false;
    this.#parts.acknowledge();
  }

  #parse(data: Buffer): { message: unknown } | undefined {
    try {
      return { message: JSON.parse(data.toString('utf8', 2)) };
    } catch (error) {
      this.#parts.fail('malformed', error);
      return undefined;
    }
  }

  #isTooMany(): boolean {
    const nowMs = this.#parts.clock.monotonicMs();
    if (nowMs - this.#secondStartedAtMs >= 1_000) {
      this.#secondStartedAtMs = nowMs;
      this.#framesThisSecond = 0;
    }
    this.#framesThisSecond += 1;
    return this.#framesThisSecond > this.#parts.limits.maxFramesPerSecond;
  }
}

function typeOf(message: unknown): string {
  if (message === null || typeof message !== 'object' || !('type' in message)) return '';
  return typeof message.type === 'string' ? message.type : '';
}

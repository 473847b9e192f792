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

/** The receiving half: whole frames in, each message once out. */
export type Inbox = { take(event: { kind: 'frame' | 'wrong-lrc'; data: Buffer }): void };

const MARK_OF_BEAT = '-'.charCodeAt(0);
const SEPARATOR = '#'.charCodeAt(0);
const DIGIT_ZERO = '0'.charCodeAt(0);

/**
 * A frame whose digit is that of the last one is a repeat: acknowledged again, not delivered again. ACK means
 * received; while `maxHandling` handlers run it is held back, which stops the peer (one frame in flight).
 */
export function createInbox(parts: InboxParts): Inbox {
  const { limits, fail } = parts;
  let expected = 0;
  let hasReceived = false;
  let handling = 0;
  let isAckHeldBack = false;
  let secondStartedAtMs = Number.NEGATIVE_INFINITY;
  let framesThisSecond = 0;

  function isTooMany(): boolean {
    const nowMs = parts.clock.monotonicMs();
    if (nowMs - secondStartedAtMs >= 1_000) {
      secondStartedAtMs = nowMs;
      framesThisSecond = 0;
    }
    framesThisSecond += 1;
    return framesThisSecond > limits.maxFramesPerSecond;
  }

  function handled(): void {
    handling -= 1;
    if (!isAckHeldBack || handling >= limits.maxHandling || parts.isClosed()) return;
    isAckHeldBack = false;
    parts.acknowledge();
  }

  async function handle(message: unknown): Promise<void> {
    handling += 1;
    try {
      await parts.onMessage(message);
    } catch (error) {
      fail('handler-failed', error);
    }
    handled();
  }

  function parse(data: Buffer): { message: unknown } | undefined {
    try {
      return { message: JSON.parse(data.toString('utf8', 2)) };
    } catch (error) {
      fail('malformed', error);
      return undefined;
    }
  }

  function takeBeat(message: unknown) {
    if (!parts.unacknowledgedTypes.has(typeOf(message))) return fail('protocol', 'this type may not come as a beat');
    if (handling < limits.maxHandling) void handle(message);
  }

  function takeNumbered(digit: number, data: Buffer) {
    if (isAckHeldBack) return fail('protocol', 'a frame before the answer to the last one');
    if (hasReceived && digit === (expected + 9) % 10) return parts.acknowledge();
    if (digit !== expected) return fail('protocol', `frame ${digit} instead of ${expected}`);
    const parsed = parse(data);
    if (!parsed) return;
    expected = (expected + 1) % 10;
    hasReceived = true;
    isAckHeldBack = handling + 1 >= limits.maxHandling;
    if (!isAckHeldBack) parts.acknowledge();
    void handle(parsed.message);
  }

  return {
    take({ kind, data }) {
      if (isTooMany()) return fail('too-many');
      const isBeat = data[0] === MARK_OF_BEAT;
      if (kind === 'wrong-lrc') return isBeat ? undefined : parts.refuse();
      const digit = (data[0] ?? 0) - DIGIT_ZERO;
      if (data[1] !== SEPARATOR || (!isBeat && (digit < 0 || digit > 9))) return fail('malformed', 'no sequence digit');
      if (!isBeat) return takeNumbered(digit, data);
      const parsed = parse(data);
      if (parsed) takeBeat(parsed.message);
    },
  };
}

function typeOf(message: unknown): string {
  if (message === null || typeof message !== 'object' || !('type' in message)) return '';
  return typeof message.type === 'string' ? message.type : '';
}

import type { Clock, Timer } from '../clock.ts';
import { encodeFrame } from './frame.ts';
import { type CloseReason, type FrameLimits, FrameSocketError } from './frame-limits.ts';

type Waiting = { json: string; resolve(): void; reject(error: Error): void };

/** What the sending half needs of its connection. */
export type FrameSenderParts = {
  limits: FrameLimits;
  clock: Clock;
  write(bytes: Buffer): void;
  fail(code: CloseReason['code'], detail?: unknown): void;
};

/** The sending half: one unacknowledged frame at a time, a bounded queue, resends on NACK. */
export type FrameSender = {
  start(): void;
  send(message: object): Promise<void>;
  answered(kind: 'ack' | 'nack'): void;
  whenEmpty(): Promise<void>;
  stop(error: FrameSocketError): void;
};

/**
 * `data` is `digit#json`: the digit counts the frames modulo ten, so that a frame sent again after a NACK that
 * should have been an ACK is known to the receiver. Frames are sent again only when answered, never on a timer,
 * so every copy has one answer, and an answer that nobody waits for shows a broken peer.
 */
export function createFrameSender({ limits, clock, write, fail }: FrameSenderParts): FrameSender {
  const queue: Waiting[] = [];
  let current: (Waiting & { frame: Buffer; resends: number }) | undefined;
  let sequence = 0;
  let isStarted = false;
  let stoppedBy: FrameSocketError | undefined;
  let silenceTimer: Timer | undefined;
  let emptyWaiters: (() => void)[] = [];

  function transmit(frame: Buffer): void {
    silenceTimer?.cancel();
    silenceTimer = clock.setTimer(() => fail('silence'), limits.ackTimeoutMs);
    write(frame);
  }

  function sendNext(): void {
    if (!isStarted || current || stoppedBy) return;
    const next = queue.shift();
    if (!next) {
      for (const wake of emptyWaiters.splice(0)) wake();
      return;
    }
    const frame = encodeFrame(`${sequence}#${next.json}`, limits.maxFrameBytes);
    current = { ...next, frame, resends: 0 };
    transmit(frame);
  }

  function resend() {
    if (!current) return;
    current.resends += 1;
    if (current.resends > limits.maxResends) return fail('nacked');
    transmit(current.frame);
  }

  return {
    start() {
      isStarted = true;
      sendNext();
    },
    send(message) {
      if (stoppedBy) return Promise.reject(stoppedBy);
      if (queue.length >= limits.maxQueued) {
        return Promise.reject(new FrameSocketError('QUEUE_FULL', `${queue.length} messages wait to be sent`));
      }
      const json = JSON.stringify(message);
      if (Buffer.byteLength(json) + 2 > limits.maxFrameBytes) {
        return Promise.reject(new FrameSocketError('NOT_SENDABLE', `message is over ${limits.maxFrameBytes} bytes`));
      }
      return new Promise((resolve, reject) => {
        queue.push({ json, resolve, reject });
        sendNext();
      });
    },
    answered(kind) {
      if (!current) return fail('protocol', `${kind} without a frame`);
      if (kind === 'nack') return resend();
      silenceTimer?.cancel();
      const { resolve } = current;
      current = undefined;
      sequence = (sequence + 1) % 10;
      resolve();
      sendNext();
    },
    whenEmpty() {
      if (stoppedBy || (!current && queue.length === 0)) return Promise.resolve();
      return new Promise((resolve) => emptyWaiters.push(resolve));
    },
    stop(error) {
      stoppedBy = error;
      silenceTimer?.cancel();
      const waiting = current ? [current, ...queue] : [...queue];
      current = undefined;
      queue.length = 0;
      for (const { reject } of waiting) reject(error);
      for (const wake of emptyWaiters.splice(0)) wake();
      emptyWaiters = [];
    },
  };
}

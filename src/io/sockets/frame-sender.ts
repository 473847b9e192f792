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

/**
 * The sending half: one unacknowledged frame at a time, a bounded queue, resends on NACK.
 * `data` is `digit#json`: the digit counts the frames modulo ten, so that a frame sent again after a NACK that
 * should have been an ACK is known to the receiver. Frames are sent again only when answered, never on a timer,
 * so every copy has one answer, and an answer that nobody waits for shows a broken peer.
 */
export class FrameSender {
  readonly #parts: FrameSenderParts;
  readonly #queue: Waiting[] = [];
  #current: (Waiting & { frame: Buffer; resends: number }) | undefined;
  #sequence = 0;
  #isStarted = false;
  #stoppedBy: FrameSocketError | undefined;
  #silenceTimer: Timer | undefined;
  #emptyWaiters: (() => void)[] = [];

  constructor(parts: FrameSenderParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#isStarted = true;
    this.#sendNext();
  }

  /** Resolves on ACK. */
  send(message: object): Promise<void> {
    const { maxQueued, maxFrameBytes } = this.#parts.limits;
    if (this.#stoppedBy) return Promise.reject(this.#stoppedBy);
    if (this.#queue.length >= maxQueued) {
      return Promise.reject(new FrameSocketError('QUEUE_FULL', `${this.#queue.length} messages wait to be sent`));
    }
    const json = JSON.stringify(message);
    if (Buffer.byteLength(json) + 2 > maxFrameBytes) {
      return Promise.reject(new FrameSocketError('NOT_SENDABLE', `message is over ${maxFrameBytes} bytes`));
    }
    return new Promise((resolve, reject) => {
      this.#queue.push({ json, resolve, reject });
      this.#sendNext();
    });
  }

  answered(kind: 'ack' | 'nack'): void {
    if (!this.#current) this.#parts.fail('protocol', `${kind} without a frame`);
    else if (kind === 'nack') this.#resend(this.#current);
    else this.#accepted(this.#current);
  }

  /** Resolves when everything is acknowledged, or the connection is gone. */
  whenEmpty(): Promise<void> {
    if (this.#stoppedBy || (!this.#current && this.#queue.length === 0)) return Promise.resolve();
    return new Promise((resolve) => this.#emptyWaiters.push(resolve));
  }

  stop(error: FrameSocketError): void {
    this.#stoppedBy = error;
    this.#silenceTimer?.cancel();
    const waiting = this.#current ? [this.#current, ...this.#queue] : [...this.#queue];
    this.#current = undefined;
    this.#queue.length = 0;
    for (const { reject } of waiting) reject(error);
    this.#wakeEmptyWaiters();
  }

  #accepted({ resolve }: Waiting): void {
    this.#silenceTimer?.cancel();
    this.#current = undefined;
    this.#sequence = (this.#sequence + 1) % 10;
    resolve();
    this.#sendNext();
  }

  #resend(current: { frame: Buffer; resends: number }): void {
    current.resends += 1;
    if (current.resends > this.#parts.limits.maxResends) this.#parts.fail('nacked');
    else this.#transmit(current.frame);
  }

  #sendNext(): void {
    if (!this.#isStarted || this.#current || this.#stoppedBy) return;
    const next = this.#queue.shift();
    if (!next) {
      this.#wakeEmptyWaiters();
      return;
    }
    const frame = encodeFrame(`${this.#sequence}#${next.json}`, this.#parts.limits.maxFrameBytes);
    this.#current = { ...next, frame, resends: 0 };
    this.#transmit(frame);
  }

  #transmit(frame: Buffer): void {
    const { clock, fail, limits, write } = this.#parts;
    this.#silenceTimer?.cancel();
    this.#silenceTimer = clock.setTimer(() => fail('silence'), limits.ackTimeoutMs);
    write(frame);
  }

  #wakeEmptyWaiters(): void {
    const wakes = this.#emptyWaiters;
    this.#emptyWaiters = [];
    for (const wake of wakes) wake();
  }
}

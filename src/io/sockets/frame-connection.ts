import type { Duplex } from 'node:stream';
import { type Clock, systemClock, type Timer } from '../clock.ts';
import { CONTROL, createFrameParser, encodeFrame, type FrameEvent, type FrameParser } from './frame.ts';
import { FrameInbox } from './frame-inbox.ts';
import { type CloseReason, type FrameLimits, FrameSocketError, withDefaultLimits } from './frame-limits.ts';
import { FrameSender } from './frame-sender.ts';

/** Who says ENQ first: the side that dialled. */
export type FrameRole = 'dialler' | 'listener';

/** How a connection is made; `duplex` may be a TLS socket or memory. */
export type FrameConnectionOptions = {
  role: FrameRole;
  /** Each message once, parsed, unchecked. A promise holds back the ACK once `maxHandling` of them run. */
  onMessage(message: unknown): void | Promise<void>;
  /** Once, whatever the cause; nothing is delivered afterwards. */
  onClose(reason: CloseReason): void;
  /** ENQ/ACK done: messages may be sent. */
  onOpen?(): void;
  /** Message types (`type` field) that may come as beats, which are neither ACKed nor NACKed. */
  unacknowledgedTypes?: readonly string[];
  limits?: Partial<FrameLimits>;
  clock?: Clock;
};

/** One framed connection. */
export type FrameConnection = {
  /** Resolves once the peer has it (ACK). Rejects with a FrameSocketError: CLOSED, QUEUE_FULL, NOT_SENDABLE. */
  send(message: object): Promise<void>;
  /** Fire and forget; false if not open or the socket is backed up (a beat is a level: the next one repairs it). */
  sendBeat(message: object): boolean;
  /** Sends what is queued, then EOT; resolves when the connection is gone. */
  close(): Promise<void>;
  /** Drops the connection at once. */
  destroy(reason?: string): void;
  /** ENQ/ACK done and not closing. */
  isOpen(): boolean;
};

/** Speaks ENQ/ACK, frames, ACK/NACK and EOT (protocol 2 "Frames") over any Duplex. */
export function createFrameConnection(duplex: Duplex, options: FrameConnectionOptions): FrameConnection {
  return new FramedDuplex(duplex, options);
}

class FramedDuplex implements FrameConnection {
  readonly #duplex: Duplex;
  readonly #options: FrameConnectionOptions;
  readonly #limits: FrameLimits;
  readonly #clock: Clock;
  readonly #parser: FrameParser;
  readonly #sender: FrameSender;
  readonly #inbox: FrameInbox;
  readonly #greetingTimer: Timer;
  readonly #closed = Promise.withResolvers<void>();
  #phase: 'greeting' | 'open' | 'closing' | 'closed' = 'greeting';
  #frameTimer: Timer | undefined;
  readonly #chunks: Buffer[] = [];

  constructor(duplex: Duplex, options: FrameConnectionOptions) {
    this.#duplex = duplex;
    this.#options = options;
    this.#limits = withDefaultLimits(options.limits);
    this.#clock = options.clock ?? systemClock;
    this.#parser = createFrameParser(this.#limits.maxFrameBytes);
    const fail = (code: CloseReason['code'], detail?: unknown) => this.#fail(code, detail);
    const shared = { limits: this.#limits, clock: this.#clock, fail };
    this.#sender = new FrameSender({ ...shared, write: (bytes) => void duplex.write(bytes) });
    this.#inbox = new FrameInbox({
      ...shared,
      acknowledge: () => this.#writeByte(CONTROL.ACK),
      refuse: () => this.#writeByte(CONTROL.NACK),
      isClosed: () => this.#phase === 'closed',
      onMessage: options.onMessage,
      unacknowledgedTypes: new Set(options.unacknowledgedTypes),
    });
    this.#greetingTimer = this.#clock.setTimer(() => fail('no-greeting'), this.#limits.greetingTimeoutMs);
    duplex.on('data', (chunk: Buffer) => this.#receive(chunk));
    duplex.on('error', (error) => fail('socket-error', error));
    const ended = () => fail(this.#phase === 'closing' ? 'local' : 'socket-ended');
    duplex.on('end', ended);
    duplex.on('close', ended);
    if (options.role === 'dialler') this.#writeByte(CONTROL.ENQ);
  }

  async send(message: object): Promise<void> {
    if (this.#phase === 'closing') throw new FrameSocketError('CLOSED', 'connection is closing');
    await this.#sender.send(message);
  }

  sendBeat(message: object): boolean {
    if (this.#phase !== 'open' || this.#duplex.writableLength > this.#limits.maxBufferedBytes / 2) return false;
    this.#duplex.write(encodeFrame(`-#${JSON.stringify(message)}`, this.#limits.maxFrameBytes));
    return true;
  }

  async close(): Promise<void> {
    if (this.#phase === 'greeting') this.#fail('local');
    if (this.#phase === 'open') {
      this.#phase = 'closing';
      const deadline = this.#clock.setTimer(() => this.#fail('local'), this.#limits.closeTimeoutMs);
      await this.#sender.whenEmpty();
      // The peer answers EOT by closing, which ends us too.
      if (this.#duplex.writable) this.#duplex.end(Buffer.of(CONTROL.EOT));
      await this.#closed.promise;
      deadline.cancel();
    }
    await this.#closed.promise;
  }

  destroy(reason?: string): void {
    this.#fail('local', reason);
  }

  isOpen(): boolean {
    return this.#phase === 'open';
  }

  /** Over memory, an answer that we write may bring the next chunk before this one is done: it waits its turn. */
  #receive(chunk: Buffer): void {
    this.#chunks.push(chunk);
    if (this.#chunks.length > 1) return;
    for (let next = this.#chunks[0]; next; next = this.#chunks[0]) {
      for (const event of this.#parser.push(next, this.#clock.monotonicMs())) {
        if (this.#phase !== 'closed') this.#react(event);
      }
      this.#chunks.shift();
    }
    this.#watchUnfinishedFrame();
  }

  #react(event: FrameEvent): void {
    if (event.kind === 'too-long') this.#fail('too-long');
    else if (event.kind === 'unexpected-byte') this.#fail('protocol', `byte ${event.byte} between frames`);
    else if (event.kind === 'eot') this.#fail(this.#phase === 'closing' ? 'local' : 'peer');
    else if (this.#phase === 'greeting') this.#greet(event.kind);
    else if (event.kind === 'frame' || event.kind === 'wrong-lrc') this.#inbox.take(event);
    else if (event.kind === 'ack' || event.kind === 'nack') this.#sender.answered(event.kind);
    else this.#fail('protocol', 'second ENQ');
  }

  #greet(kind: FrameEvent['kind']): void {
    const expected = this.#options.role === 'listener' ? 'enq' : 'ack';
    if (kind !== expected) {
      this.#fail('protocol', `${kind} before the greeting`);
      return;
    }
    if (kind === 'enq') this.#writeByte(CONTROL.ACK);
    this.#phase = 'open';
    this.#greetingTimer.cancel();
    this.#sender.start();
    this.#options.onOpen?.();
  }

  #watchUnfinishedFrame(): void {
    const startedAtMs = this.#parser.startedAtMs();
    this.#frameTimer?.cancel();
    this.#frameTimer = undefined;
    if (startedAtMs === undefined || this.#phase === 'closed') return;
    const leftMs = Math.max(0, startedAtMs + this.#limits.frameTimeoutMs - this.#clock.monotonicMs());
    this.#frameTimer = this.#clock.setTimer(() => this.#fail('too-slow'), leftMs);
  }

  #writeByte(byte: number): void {
    if (this.#duplex.writableLength > this.#limits.maxBufferedBytes) this.#fail('peer-reads-too-slowly');
    else if (this.#duplex.writable) this.#duplex.write(Buffer.of(byte));
  }

  #fail(code: CloseReason['code'], detail?: unknown): void {
    if (this.#phase === 'closed') return;
    this.#phase = 'closed';
    this.#greetingTimer.cancel();
    this.#frameTimer?.cancel();
    this.#sender.stop(new FrameSocketError('CLOSED', `connection closed: ${code}`));
    this.#duplex.destroy();
    this.#closed.resolve();
    this.#options.onClose({ code, detail });
  }
}

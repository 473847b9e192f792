import type { Duplex } from 'node:stream';
import { type Clock, systemClock, type Timer } from '../clock.ts';
import { CONTROL, createFrameParser, encodeFrame, type FrameEvent } from './frame.ts';
import { createInbox } from './frame-inbox.ts';
import { type CloseReason, type FrameLimits, FrameSocketError, withDefaultLimits } from './frame-limits.ts';
import { createFrameSender } from './frame-sender.ts';

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
  const limits = withDefaultLimits(options.limits);
  const clock = options.clock ?? systemClock;
  const parser = createFrameParser(limits.maxFrameBytes);
  let phase: 'greeting' | 'open' | 'closing' | 'closed' = 'greeting';
  let frameTimer: Timer | undefined;
  let announceClosed: () => void = () => {};
  const closed = new Promise<void>((resolve) => {
    announceClosed = resolve;
  });

  function finish(reason: CloseReason): void {
    if (phase === 'closed') return;
    phase = 'closed';
    greetingTimer.cancel();
    frameTimer?.cancel();
    sender.stop(new FrameSocketError('CLOSED', `connection closed: ${reason.code}`));
    duplex.destroy();
    announceClosed();
    options.onClose(reason);
  }

  const fail = (code: CloseReason['code'], detail?: unknown) => finish({ code, detail });

  function writeByte(byte: number) {
    if (duplex.writableLength > limits.maxBufferedBytes) return fail('peer-reads-too-slowly');
    if (duplex.writable) duplex.write(Buffer.of(byte));
  }

  const sender = createFrameSender({ limits, clock, fail, write: (bytes) => duplex.write(bytes) });
  const inbox = createInbox({
    limits,
    clock,
    fail,
    acknowledge: () => writeByte(CONTROL.ACK),
    refuse: () => writeByte(CONTROL.NACK),
    isClosed: () => phase === 'closed',
    onMessage: options.onMessage,
    unacknowledgedTypes: new Set(options.unacknowledgedTypes),
  });
  const greetingTimer = clock.setTimer(() => fail('no-greeting'), limits.greetingTimeoutMs);

  function open(): void {
    phase = 'open';
    greetingTimer.cancel();
    sender.start();
    options.onOpen?.();
  }

  function greet(event: FrameEvent) {
    if (event.kind === 'eot') return fail('peer');
    if (options.role === 'listener' && event.kind === 'enq') {
      writeByte(CONTROL.ACK);
      return open();
    }
    if (options.role === 'dialler' && event.kind === 'ack') return open();
    fail('protocol', `${event.kind} before the greeting`);
  }

  function react(event: FrameEvent) {
    if (event.kind === 'too-long') return fail('too-long');
    if (event.kind === 'unexpected-byte') return fail('protocol', `byte ${event.byte} between frames`);
    if (phase === 'greeting') return greet(event);
    if (event.kind === 'frame' || event.kind === 'wrong-lrc') return inbox.take(event);
    if (event.kind === 'ack' || event.kind === 'nack') return sender.answered(event.kind);
    if (event.kind === 'eot') return fail('peer');
    fail('protocol', 'second ENQ');
  }

  function watchUnfinishedFrame(): void {
    const startedAtMs = parser.startedAtMs();
    frameTimer?.cancel();
    frameTimer = undefined;
    if (startedAtMs === undefined || phase === 'closed') return;
    const leftMs = Math.max(0, startedAtMs + limits.frameTimeoutMs - clock.monotonicMs());
    frameTimer = clock.setTimer(() => fail('too-slow'), leftMs);
  }

  duplex.on('data', (chunk: Buffer) => {
    for (const event of parser.push(chunk, clock.monotonicMs())) {
      if (phase === 'closed') return;
      react(event);
    }
    watchUnfinishedFrame();
  });
  duplex.on('error', (error) => fail('socket-error', error));
  const ended = () => fail(phase === 'closing' ? 'local' : 'socket-ended');
  duplex.on('end', ended);
  duplex.on('close', ended);
  if (options.role === 'dialler') duplex.write(Buffer.of(CONTROL.ENQ));

  async function closeGently(): Promise<void> {
    if (phase !== 'open') return finish({ code: 'local' });
    phase = 'closing';
    const deadline = clock.setTimer(() => finish({ code: 'local' }), limits.closeTimeoutMs);
    await sender.whenEmpty();
    if (duplex.writable) duplex.end(Buffer.of(CONTROL.EOT));
    await closed;
    deadline.cancel();
  }

  return {
    async send(message) {
      if (phase !== 'open' && phase !== 'greeting') throw new FrameSocketError('CLOSED', 'connection is closed');
      await sender.send(message);
    },
    sendBeat(message) {
      if (phase !== 'open' || duplex.writableLength > limits.maxBufferedBytes / 2) return false;
      duplex.write(encodeFrame(`-#${JSON.stringify(message)}`, limits.maxFrameBytes));
      return true;
    },
    async close() {
      if (phase === 'closed' || phase === 'closing') return closed;
      await closeGently();
    },
    destroy: (reason) => fail('local', reason),
    isOpen: () => phase === 'open',
  };
}

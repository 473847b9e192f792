import { DEFAULT_MAX_FRAME_BYTES } from './frame.ts';

/** Bounds of one framed connection. */
export type FrameLimits = {
  maxFrameBytes: number;
  /** From the first byte of a frame to its LRC. */
  frameTimeoutMs: number;
  /** From the connection to ENQ/ACK. */
  greetingTimeoutMs: number;
  /** Silence after a frame was sent closes the connection. */
  ackTimeoutMs: number;
  /** Times one frame is sent again on NACK. */
  maxResends: number;
  /** Messages waiting to be sent. */
  maxQueued: number;
  /** Handlers that may run at once before ACKs are held back. */
  maxHandling: number;
  /** Unsent bytes of a peer that does not read. */
  maxBufferedBytes: number;
  /** Frames of one second, beats included. */
  maxFramesPerSecond: number;
  /** For what is queued, and EOT, on close. */
  closeTimeoutMs: number;
};

const DEFAULT_LIMITS: FrameLimits = {
  maxFrameBytes: DEFAULT_MAX_FRAME_BYTES,
  frameTimeoutMs: 5_000,
  greetingTimeoutMs: 5_000,
  ackTimeoutMs: 5_000,
  maxResends: 3,
  maxQueued: 256,
  maxHandling: 8,
  maxBufferedBytes: 256 * 1024,
  maxFramesPerSecond: 500,
  closeTimeoutMs: 1_000,
};

/** The defaults of protocol 2, with what the caller sets. */
export function withDefaultLimits(limits: Partial<FrameLimits> = {}): FrameLimits {
  return { ...DEFAULT_LIMITS, ...limits };
}

/** Why a connection ended. `local` and `peer` (EOT) are graceful; the others are faults. */
export type CloseReason = {
  code:
    | 'local'
    | 'peer'
    | 'socket-ended'
    | 'socket-error'
    | 'no-greeting'
    | 'silence'
    | 'nacked'
    | 'too-long'
    | 'too-slow'
    | 'too-many'
    | 'malformed'
    | 'protocol'
    | 'peer-reads-too-slowly'
    | 'handler-failed';
  /** An error or a sentence, for the log. */
  detail?: unknown;
};

/** Codes of FrameSocketError: CLOSED and QUEUE_FULL may be tried again, NOT_SENDABLE may not. */
export type FrameSocketErrorCode = 'CLOSED' | 'QUEUE_FULL' | 'NOT_SENDABLE';

/** A message that did not leave, or whose arrival is not known (CLOSED). */
export class FrameSocketError extends Error {
  readonly code: FrameSocketErrorCode;
  readonly canRetry: boolean;

  constructor(code: FrameSocketErrorCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'FrameSocketError';
    this.code = code;
    this.canRetry = code !== 'NOT_SENDABLE';
  }
}

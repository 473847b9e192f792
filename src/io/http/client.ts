import { readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Readable } from 'node:stream';

/** An answer of one of our services, JSON already parsed. */
export type HttpAnswer = { status: number; headers: Record<string, string | string[] | undefined>; body: unknown };

/** Why there is no answer. */
export type NoAnswerReason = 'NETWORK' | 'TIME_OUT' | 'TOO_LARGE' | 'NOT_JSON';

/** The service could not be reached, did not answer in time, or answered what cannot be read. */
export class HttpUnreachable extends Error {
  readonly code = 'HTTP_UNREACHABLE';
  readonly canRetry = true;
  readonly reason: NoAnswerReason;
  constructor(message: string, options: { cause: unknown; reason?: NoAnswerReason }) {
    super(message, { cause: options.cause });
    this.reason = options.reason ?? 'NETWORK';
  }
}

type Call = { body?: unknown; headers?: Record<string, string> };
/** An answer that is still coming; whoever opened it reads or destroys it. */
export type OpenAnswer = { status: number; headers: HttpAnswer['headers']; body: Readable };

export type HttpClient = {
  send(method: string, path: string, options?: Call): Promise<HttpAnswer>;
};
/** Also for answers of any length. */
export type StreamingClient = HttpClient & {
  /** The same, its body unread. */
  open(method: string, path: string, options?: Call): Promise<OpenAnswer>;
};

class NoAnswer extends Error {
  readonly reason: NoAnswerReason;
  constructor(reason: NoAnswerReason, message: string) {
    super(message);
    this.reason = reason;
  }
}

function reasonOf(error: Error): NoAnswerReason {
  if (error instanceof NoAnswer) return error.reason;
  // What AbortSignal.timeout ends a request with.
  return error.name === 'TimeoutError' || error.name === 'AbortError' ? 'TIME_OUT' : 'NETWORK';
}

const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

/** A client of one service; https verifies against our CA, which nothing switches off (F-50). */
export function createHttpClient(options: {
  baseUrl: string;
  caFile?: string;
  caPem?: string;
  token?: string;
  /** Silence that ends a request. */
  timeoutMs?: number;
  /** For the whole request, however slowly the answer drips. */
  deadlineMs?: number;
  maxAnswerBytes?: number;
}): StreamingClient {
  const base = new URL(options.baseUrl);
  const ca = options.caPem ?? (options.caFile ? readFileSync(options.caFile, 'utf8') : undefined);
  const maxAnswerBytes = options.maxAnswerBytes ?? MAX_ANSWER_BYTES;
  const request = base.protocol === 'https:' ? httpsRequest : httpRequest;
  // Without the query: it may hold a key.
  const unreachable = (method: string, path: string, error: Error) =>
    new HttpUnreachable(`${method} ${base.origin}${path.split('?')[0]}: ${error.message}`, {
      cause: error,
      reason: reasonOf(error),
    });
  const open: StreamingClient['open'] = (method, path, call = {}) =>
    new Promise((resolve, reject) => {
      const payload = call.body === undefined ? undefined : JSON.stringify(call.body);
      const headers: Record<string, string> = { accept: 'application/json', ...call.headers };
      if (payload !== undefined)
        Object.assign(headers, {
          'content-type': 'application/json',
          'content-length': String(Buffer.byteLength(payload)),
        });
      if (options.token) headers.authorization = `Bearer ${options.token}`;
      const signal = options.deadlineMs === undefined ? undefined : AbortSignal.timeout(options.deadlineMs);
      const outgoing = request(
        new URL(base.pathname.replace(/\/$/, '') + path, base),
        { method, headers, ca, timeout: options.timeoutMs ?? 5_000, ...(signal && { signal }) },
        (incoming) => {
          signal?.addEventListener('abort', () => incoming.destroy(signal.reason as Error), { once: true });
          outgoing.on('timeout', () => incoming.destroy(new NoAnswer('TIME_OUT', 'no answer in time')));
          resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: incoming });
        },
      );
      outgoing.on('timeout', () => outgoing.destroy(new NoAnswer('TIME_OUT', 'no answer in time')));
      outgoing.on('error', (error) => reject(unreachable(method, path, error)));
      outgoing.end(payload);
    });
  return {
    open,
    async send(method, path, call) {
      const { status, headers, body } = await open(method, path, call);
      const raw = await readWhole(body, maxAnswerBytes).catch((error: Error) => {
        throw unreachable(method, path, error);
      });
      if (!/json/.test(String(headers['content-type'])) || raw === '') return { status, headers, body: raw };
      try {
        return { status, headers, body: JSON.parse(raw) };
      } catch (error) {
        throw new HttpUnreachable('the answer is not JSON', { cause: error, reason: 'NOT_JSON' });
      }
    },
  };
}

async function readWhole(body: Readable, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) throw new NoAnswer('TOO_LARGE', 'the answer is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

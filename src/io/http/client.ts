import { readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';

/** An answer of one of our services, JSON already parsed. */
export type HttpAnswer = { status: number; headers: Record<string, string | string[] | undefined>; body: unknown };

/** The service could not be reached or did not answer in time. */
export class HttpUnreachable extends Error {
  readonly code = 'HTTP_UNREACHABLE';
  readonly canRetry = true;
}

export type HttpClient = {
  send(
    method: string,
    path: string,
    options?: { body?: unknown; headers?: Record<string, string> },
  ): Promise<HttpAnswer>;
};

const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

/** A client of one service; https verifies against our CA, which nothing switches off (F-50). */
export function createHttpClient(options: {
  baseUrl: string;
  caFile?: string;
  caPem?: string;
  token?: string;
  timeoutMs?: number;
}): HttpClient {
  const base = new URL(options.baseUrl);
  const ca = options.caPem ?? (options.caFile ? readFileSync(options.caFile, 'utf8') : undefined);
  const send = base.protocol === 'https:' ? httpsRequest : httpRequest;
  return {
    send: (method, path, call = {}) =>
      new Promise((resolve, reject) => {
        const payload = call.body === undefined ? undefined : JSON.stringify(call.body);
        const headers: Record<string, string> = { accept: 'application/json', ...call.headers };
        if (payload !== undefined)
          Object.assign(headers, {
            'content-type': 'application/json',
            'content-length': String(Buffer.byteLength(payload)),
          });
        if (options.token) headers.authorization = `Bearer ${options.token}`;
        const outgoing = send(
          new URL(base.pathname.replace(/\/$/, '') + path, base),
          { method, headers, ca, timeout: options.timeoutMs ?? 5_000 },
          (incoming) => {
            const chunks: Buffer[] = [];
            let size = 0;
            incoming.on('data', (chunk: Buffer) => {
              size += chunk.length;
              if (size > MAX_ANSWER_BYTES) outgoing.destroy(new Error('the answer is too large'));
              chunks.push(chunk);
            });
            incoming.on('error', (error) => reject(new HttpUnreachable(error.message, { cause: error })));
            incoming.on('end', () => {
              const raw = Buffer.concat(chunks).toString('utf8');
              const isJson = /json/.test(String(incoming.headers['content-type']));
              try {
                resolve({
                  status: incoming.statusCode ?? 0,
                  headers: incoming.headers,
                  body: isJson && raw ? JSON.parse(raw) : raw,
                });
              } catch (error) {
                reject(new HttpUnreachable('the answer is not JSON', { cause: error }));
              }
            });
          },
        );
        outgoing.on('timeout', () => outgoing.destroy(new Error('no answer in time')));
        outgoing.on('error', (error) =>
          reject(new HttpUnreachable(`${method} ${base.origin}${path}: ${error.message}`, { cause: error })),
        );
        outgoing.end(payload);
      }),
  };
}

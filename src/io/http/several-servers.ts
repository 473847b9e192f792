import { createHttpClient, HttpUnreachable, type StreamingClient } from './client.ts';

/** What a failure to connect is called: the request has certainly not been received. */
const NOT_SENT = ['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN'];
const READS = ['GET', 'HEAD'];

/**
 * One client of several servers that stand for each other, such as two Centrals: it stays with the one that answers, and
 * goes to the next when that one cannot be reached. What was perhaps received is not sent again by itself, unless it only reads.
 */
export function createClientOfSeveral(
  baseUrls: readonly string[],
  options: Omit<Parameters<typeof createHttpClient>[0], 'baseUrl'>,
): StreamingClient {
  const clients = baseUrls.map((baseUrl) => createHttpClient({ ...options, baseUrl }));
  let current = 0;
  const ask = async <Answer>(method: string, work: (client: StreamingClient) => Promise<Answer>): Promise<Answer> => {
    for (let tries = 1; ; tries += 1) {
      const asked = current;
      try {
        return await work(clients[asked]!);
      } catch (error) {
        if (!isAway(error)) throw error;
        // Another request may have gone on already.
        if (current === asked) current = (asked + 1) % clients.length;
        const mayRepeat = READS.includes(method) || NOT_SENT.includes(codeOf(error));
        if (!mayRepeat || tries >= clients.length) throw error;
      }
    }
  };
  return {
    open: (method, path, call) => ask(method, (client) => client.open(method, path, call)),
    send: (method, path, call) => ask(method, (client) => client.send(method, path, call)),
  };
}

function isAway(error: unknown): error is HttpUnreachable {
  return error instanceof HttpUnreachable && (error.reason === 'NETWORK' || error.reason === 'TIME_OUT');
}

function codeOf({ cause }: HttpUnreachable): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : '';
}

import { createHttpClient, type HttpAnswer, HttpUnreachable } from '../io/http/client.ts';

/** The service answered with a no: its status and its problem's code. */
export class ApiRefused extends Error {
  readonly status: number;
  readonly code: string;
  constructor(asked: string, answer: HttpAnswer) {
    const code = String((answer.body as { code?: unknown } | undefined)?.code ?? answer.body);
    super(`${asked}: ${answer.status} ${code}`);
    this.status = answer.status;
    this.code = code;
  }
}

/** One of our servers as a browser meets it: keeps its cookies, and answers that are no success are errors. */
export type ApiClient = {
  get<Body>(path: string): Promise<Body>;
  post<Body>(path: string, body?: unknown): Promise<Body>;
  patch<Body>(path: string, body: unknown): Promise<Body>;
  delete(path: string): Promise<unknown>;
  /** The `cookie` header as it would be sent now. */
  cookie(): string;
};

/** Makes a client of the server at this address; https is verified against the authority in `caFile`. */
export function createApiClient(server: { baseUrl: string; caFile?: string; timeoutMs?: number }): ApiClient {
  const http = createHttpClient({ timeoutMs: 20_000, ...server });
  const jar = new Map<string, string>();
  const cookie = (): string => [...jar].map(([name, value]) => `${name}=${value}`).join('; ');

  const keepCookies = (answer: HttpAnswer): void => {
    for (const line of [answer.headers['set-cookie'] ?? []].flat()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '') jar.delete(name);
      else jar.set(name, value);
    }
  };
  const send = async <Body>(method: string, path: string, body?: unknown): Promise<Body> => {
    const headers = jar.size === 0 ? undefined : { cookie: cookie() };
    const answer = await http.send(method, path, { body, ...(headers ? { headers } : {}) });
    keepCookies(answer);
    if (answer.status < 200 || answer.status > 299) throw new ApiRefused(`${method} ${server.baseUrl}${path}`, answer);
    return answer.body as Body;
  };
  return {
    get: (path) => send('GET', path),
    post: (path, body) => send('POST', path, body),
    patch: (path, body) => send('PATCH', path, body),
    delete: (path) => send('DELETE', path),
    cookie,
  };
}

/** The code of the no that this call is answered with; fails if it succeeds or nobody answers. */
export async function refusalOf(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => {
      throw new Error('it was accepted');
    },
    (error: unknown) => {
      if (error instanceof ApiRefused) return error.code;
      throw error;
    },
  );
}

/** What the call gives, or undefined while the server cannot be reached or says that it is not ready. */
export function orUndefined<Value>(call: Promise<Value>): Promise<Value | undefined> {
  return call.catch((error: unknown) => {
    if (error instanceof HttpUnreachable || (error instanceof ApiRefused && error.status >= 500)) return undefined;
    throw error;
  });
}

import type { Problem } from '../../messages/central-api.ts';

/** What a call of the page's own server answered: the body, or a code to be translated. */
export type ApiAnswer<Body> =
  | { isOk: true; status: number; body: Body }
  | {
      isOk: false;
      status: number;
      code: string;
      params: Record<string, unknown>;
      requestId?: string;
      retryAfterS?: number;
    };

const TIMEOUT_MS = 20_000;

function failed(response: Response, problem: Partial<Problem> | undefined): ApiAnswer<never> {
  const retryAfterS = Number(response.headers.get('retry-after'));
  return {
    isOk: false,
    status: response.status,
    code: problem?.code ?? `HTTP_${response.status}`,
    params: { ...(problem?.detail ? { detail: problem.detail } : {}), ...problem?.params },
    ...(problem?.requestId ? { requestId: problem.requestId } : {}),
    ...(retryAfterS > 0 ? { retryAfterS } : {}),
  };
}

/** Calls the page's own server; a fault of the network is an answer too (WEB_UNREACHABLE), so callers never catch. */
export async function callApi<Body>(method: string, path: string, body?: unknown): Promise<ApiAnswer<Body>> {
  try {
    const response = await fetch(path, {
      method,
      credentials: 'same-origin',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: body === undefined ? {} : { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const isJson = response.headers.get('content-type')?.includes('json') ?? false;
    const content: unknown = isJson ? await response.json() : undefined;
    if (!response.ok) return failed(response, content as Partial<Problem> | undefined);
    return { isOk: true, status: response.status, body: content as Body };
  } catch (error) {
    const isTimeout = error instanceof DOMException && error.name === 'TimeoutError';
    return { isOk: false, status: 0, code: isTimeout ? 'TIMEOUT' : 'WEB_UNREACHABLE', params: {} };
  }
}

/** A random UUID; `crypto.randomUUID` is absent on plain-http addresses of a LAN, this is not. */
export function newRequestId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

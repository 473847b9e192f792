import type { HttpApp } from '../http/server.ts';

/** An answer of the process's own API. */
export type OwnAnswer = { status: number; body: unknown };

/** The process's own API, asked from inside: a console can do what the API can, and nothing else (F-66). */
export type OwnApi = { send(method: 'GET' | 'POST', path: string, body?: object): Promise<OwnAnswer> };

/** Goes through the same routes, checks and refusals as a page's request; keeps cookies as a browser does. */
export function ownApi(app: HttpApp): OwnApi {
  const cookies = new Map<string, string>();
  return {
    async send(method, path, body) {
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const answer = await app.inject({
        ...{ method, url: path, headers: { host: '127.0.0.1', ...(cookie && { cookie }) } },
        ...(body === undefined ? {} : { payload: body }),
      });
      for (const { name, value } of answer.cookies) {
        if (value) cookies.set(name, value);
        else cookies.delete(name);
      }
      return { status: answer.statusCode, body: answer.body === '' ? undefined : parsed(answer.body) };
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

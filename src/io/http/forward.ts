import type { StreamingClient } from './client.ts';
import { HttpProblem } from './problem.ts';
import type { HttpApp } from './server.ts';

export type ForwardOptions = {
  /** What requests begin with here, e.g. `/api`. */
  prefix: string;
  /** What that becomes there, e.g. `/api`. */
  target: string;
  client: Pick<StreamingClient, 'open'>;
  /** Code of the problem while the target is away, e.g. CENTRAL_UNREACHABLE. */
  unreachableCode: string;
  /** Headers to add to each request, e.g. the proof that this forwarder may name the browser's address. */
  headers?: Record<string, string>;
};

const PASSED_UP = ['cookie', 'authorization', 'if-none-match', 'accept-language', 'origin'];
const PASSED_DOWN = [
  'set-cookie',
  'etag',
  'location',
  'retry-after',
  'allow',
  'vary',
  'content-type',
  'content-disposition',
  'cache-control',
];

/** Forwards JSON requests below a prefix to the service behind this web, with the browser's cookie and address; answers pass through as they come, of any length. */
export function forwardApi(app: HttpApp, options: ForwardOptions): void {
  app.route({
    method: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    url: `${options.prefix}/*`,
    schema: { hide: true },
    handler: async (request, reply) => {
      const headers: Record<string, string> = { ...options.headers, 'x-forwarded-for': request.ip };
      for (const name of PASSED_UP) {
        const value = request.headers[name];
        if (typeof value === 'string') headers[name] = value;
      }
      const path = options.target + request.url.slice(options.prefix.length);
      // `/api/../metrics` would leave what is forwarded here.
      if (!new URL(path, 'http://target').pathname.startsWith(`${options.target}/`))
        throw new HttpProblem(404, 'NOT_FOUND');
      const answer = await options.client
        .open(request.method, path, {
          headers,
          ...(request.body === undefined || request.body === null ? {} : { body: request.body }),
        })
        .catch((error: unknown) => {
          throw new HttpProblem(503, options.unreachableCode, { headers: { 'retry-after': '2' }, cause: error });
        });
      for (const name of PASSED_DOWN) {
        const value = answer.headers[name];
        if (value !== undefined) void reply.header(name, value);
      }
      return reply.code(answer.status).send(answer.body);
    },
  });
}

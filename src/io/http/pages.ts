import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { HttpApp } from './server.ts';

/** Our built apps of pages, by their folder in dist/pages. */
export type PageApp = 'central' | 'driver' | 'point' | 'registry' | 'weather';

/** Serves one built app of pages (dist/pages/<app>); every path that is not a file is the app's own route. */
export async function servePages(app: HttpApp, pages: PageApp): Promise<void> {
  const root = fileURLToPath(new URL(`../../../dist/pages/${pages}/`, import.meta.url));
  if (!existsSync(root)) throw new Error(`the pages are not built: ${root} is missing. Type: ./ev pages`);
  await app.register(fastifyStatic, { root, wildcard: false, index: false, maxAge: '1h', immutable: false });
  app.get('/*', { schema: { hide: true }, config: { rateLimit: false } }, (request, reply) => {
    if (/^\/(api|live|docs)(\/|$)/.test(request.url) || /\.[a-z0-9]{2,5}$/i.test(request.url.split('?')[0] ?? ''))
      return reply.callNotFound();
    return reply.header('cache-control', 'no-cache').sendFile('index.html', { maxAge: 0 });
  });
}

import { sha256 } from '../crypto/tokens.ts';
import type { HttpApp } from './http-app.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Asked for again and again: the answer has an ETag, and 304 stands for one that is as it was. */
    isPolled?: boolean;
  }
}

/** ETags for routes with `isPolled`. Two answers of the same text have the same tag, also of two servers. */
export function answerUnchanged(app: HttpApp): void {
  app.addHook('onSend', async (request, reply, payload) => {
    if (!request.routeOptions.config.isPolled || reply.statusCode !== 200 || typeof payload !== 'string')
      return payload;
    const tag = `W/"${sha256(payload).subarray(0, 12).toString('base64url')}"`;
    void reply
      .header('etag', tag)
      .header('cache-control', 'private, no-cache')
      .header('vary', 'cookie, authorization, origin');
    if (!isKnown(request.headers['if-none-match'], tag)) return payload;
    void reply.code(304).removeHeader('content-type').removeHeader('content-length');
    return null;
  });
}

function isKnown(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  const opaque = (text: string) => text.trim().replace(/^W\//, '');
  return ifNoneMatch.trim() === '*' || ifNoneMatch.split(',').some((known) => opaque(known) === opaque(tag));
}

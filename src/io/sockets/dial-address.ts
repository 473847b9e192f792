import type { DialAddress } from './tls-dialler.ts';

/** `host:port` or `[2001:db8::1]:port`, as config.ts has checked it. */
export function dialAddress(text: string): DialAddress {
  const colon = text.lastIndexOf(':');
  return { host: text.slice(0, colon).replace(/^\[|\]$/g, ''), port: Number(text.slice(colon + 1)) };
}

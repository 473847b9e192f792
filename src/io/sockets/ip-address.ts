import { BlockList, isIP } from 'node:net';

/** `::ffff:10.0.0.1` as `10.0.0.1`; undefined for what is no address. */
export function plainAddress(address: string | undefined): string | undefined {
  const withoutZone = address?.split('%')[0] ?? '';
  const plain = withoutZone.startsWith('::ffff:') ? withoutZone.slice('::ffff:'.length) : withoutZone;
  return isIP(plain) ? plain : undefined;
}

/** True for 127.0.0.0/8, ::1 and localhost. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\./.test(host);
}

/** True for an IPv4 or IPv6 address, false for a name. */
export function isIpAddress(host: string): boolean {
  return isIP(host) !== 0;
}

/** True if both are addresses, and the same one however it is written. */
export function isSameAddress(one: string, other: string): boolean {
  if (!isIpAddress(one) || !isIpAddress(other)) return false;
  const family = (address: string) => (address.includes(':') ? 'ipv6' : 'ipv4');
  const only = new BlockList();
  only.addAddress(one, family(one));
  return only.check(other, family(other));
}

/** A host as it stands in an URL or before a port: IPv6 in brackets. */
export function inUrl(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

/** The host of `inUrl` as one dials it. */
export function outOfUrl(host: string): string {
  return host.replace(/^\[|\]$/g, '');
}

import { lookup } from 'node:dns/promises';
import { connect } from 'node:net';
import { outOfUrl } from '../../io/sockets/ip-address.ts';

/** An address that this computer needs, what for, and the variable (or argument) that says it. */
export type NeededAddress = { host: string; port: number; what: string; variable: string };

const ANSWERS_WITHIN_MS = 5_000;

const WHY: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there yet, or a firewall refuses',
  ETIMEDOUT: `nothing came back within ${ANSWERS_WITHIN_MS / 1_000} s: a firewall drops it, or no computer has that address`,
  EHOSTUNREACH: 'no computer of this network answers to that address',
  ENETUNREACH: 'this computer has no route to it',
};

/** `HOST:PORT`, an IPv6 address in brackets. */
export function hostAndPort(text: string): { host: string; port: number } {
  const colon = text.lastIndexOf(':');
  return { host: outOfUrl(text.slice(0, colon)), port: Number(text.slice(colon + 1)) };
}

/** One sentence that names address and variable if it cannot be reached, undefined if it can (F-04, F-06). */
export async function whyUnreachable(needed: NeededAddress, withinMs = ANSWERS_WITHIN_MS): Promise<string | undefined> {
  const { host, port, what, variable } = needed;
  const where = `${what} at ${host}:${port} (${variable})`;
  const isResolved = await lookup(host).then(
    () => true,
    () => false,
  );
  if (!isResolved) return `${where}: the name '${host}' does not resolve on this computer`;
  const code = await connectionFault({ host, port, withinMs });
  return code === undefined ? undefined : `${where}: ${WHY[code] ?? code}`;
}

/** The same for several addresses; only the sentences. */
export async function unreachableOf(all: readonly NeededAddress[]): Promise<string[]> {
  const found = await Promise.all(all.map((one) => whyUnreachable(one)));
  return found.filter((sentence) => sentence !== undefined);
}

function connectionFault(at: { host: string; port: number; withinMs: number }): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host: at.host, port: at.port });
    const finish = (code: string | undefined): void => {
      socket.destroy();
      resolve(code);
    };
    socket.setTimeout(at.withinMs, () => finish('ETIMEDOUT'));
    socket.once('connect', () => finish(undefined));
    socket.once('error', (error: NodeJS.ErrnoException) => finish(error.code ?? error.message));
  });
}

import type { IncomingMessage } from 'node:http';

/** How many WebSockets one process keeps open: in all, and from one address (many people may share one). */
export type SocketLimit = { total: number; perAddress: number };

export const SOCKET_LIMIT: SocketLimit = { total: 5_000, perAddress: 1_000 };

type Verdict = (isAllowed: boolean, status?: number, reason?: string, headers?: Record<string, string>) => void;

/**
 * Answers upgrades beyond the limit with 503 and Retry-After: a page tries again with back-off. `ws` calls it
 * before the handshake; places are given back when the connection closes.
 */
export function createSocketGate(limit: SocketLimit): (info: { req: IncomingMessage }, verdict: Verdict) => void {
  let open = 0;
  const byAddress = new Map<string, number>();
  return ({ req: { socket } }, verdict) => {
    const address = socket.remoteAddress ?? '';
    const here = byAddress.get(address) ?? 0;
    if (open >= limit.total || here >= limit.perAddress) {
      return verdict(false, 503, 'too many live connections', { 'Retry-After': '15' });
    }
    open += 1;
    byAddress.set(address, here + 1);
    socket.once('close', () => {
      open -= 1;
      const left = (byAddress.get(address) ?? 1) - 1;
      if (left > 0) byAddress.set(address, left);
      else byAddress.delete(address);
    });
    verdict(true);
  };
}

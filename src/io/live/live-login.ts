import type { Clock } from '../clock.ts';
import { isStillOpen, type LiveSocket } from './live-feed.ts';

/** A page's stream ends with its login: looked at again this often (protocol 5). */
const RECHECK_LOGIN_MS = 60_000;

type Viewer = Pick<LiveSocket, 'readyState' | 'on'> & { close(code: number, reason: string): void };

/** Closes the stream of whoever may not look any more; ends with the stream, and does not begin for one that has ended. */
export function recheckLogin(socket: Viewer, { clock, mayLook }: { clock: Clock; mayLook(): Promise<boolean> }): void {
  if (!isStillOpen(socket)) return;
  const recheck = clock.setRepeating(async () => {
    if (!(await mayLook())) socket.close(4401, 'LOGIN_REQUIRED');
  }, RECHECK_LOGIN_MS);
  socket.on('close', () => recheck.cancel());
}

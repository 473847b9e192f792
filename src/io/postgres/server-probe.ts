import { firstAnswer } from '../sockets/tcp-probe.ts';

const PROTOCOL_3_0 = 196_608;
const AUTHENTICATION_ASKED = 'R'.charCodeAt(0);

/** Whether a PostgreSQL server at this address takes logins; one that still recovers answers an error and counts as not yet. */
export async function isDatabaseAnswering(host: string, port: number): Promise<boolean> {
  const answer = await firstAnswer({ host, port, question: startupMessage('ev_probe'), timeoutMs: 2_000 });
  return answer?.[0] === AUTHENTICATION_ASKED;
}

// size:int32 | protocol:int32 | "user" NUL name NUL NUL
function startupMessage(user: string): Buffer {
  const body = Buffer.from(`user\0${user}\0\0`);
  const message = Buffer.alloc(8 + body.length);
  message.writeInt32BE(message.length, 0);
  message.writeInt32BE(PROTOCOL_3_0, 4);
  body.copy(message, 8);
  return message;
}

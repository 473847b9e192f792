import type { FastifyReply, FastifyRequest } from 'fastify';
import { HttpProblem } from '../../../io/http/problem.ts';
import type { DriverState } from '../../../messages/driver-central.ts';
import { type CentralLink, NoAnswer } from '../central-link.ts';
import { type User, type Users, unreadNumbers } from '../users.ts';

export type SessionParts = { users: Users; link: CentralLink; cookieName: string; hasTls: boolean };

/** The cookie is the session token itself: a killed driver process stores nothing (protocol 3). */
export function setSessionCookie(
  reply: FastifyReply,
  parts: SessionParts,
  session: { token: string; expiresAtMs: number },
): void {
  void reply.setCookie(parts.cookieName, session.token, {
    httpOnly: true,
    sameSite: 'strict',
    secure: parts.hasTls,
    path: '/',
    expires: new Date(session.expiresAtMs),
  });
}

/** Takes Central's snapshot of a person, and confirms the tickets that came with it. */
export function admitUser(
  token: string,
  session: { expiresAtMs: number; state: DriverState },
  parts: Pick<SessionParts, 'users' | 'link'>,
): User {
  const ticketNumbers = unreadNumbers(session.state);
  // Lost: Central then counts them as undelivered and the next snapshot brings them again.
  if (ticketNumbers.length > 0)
    parts.link.tell('tickets-received', { sessionToken: token, ticketNumbers }).catch(() => undefined);
  return parts.users.admit(token, session.expiresAtMs, session.state);
}

/** Has the form of a session token: anything else is not worth a question to Central. */
export function isSessionToken(token: string | undefined): token is string {
  return token !== undefined && /^[A-Za-z0-9_-]{43}$/.test(token);
}

/** Presents a login to Central; undefined: it has expired, or its person signed out meanwhile. Throws NoAnswer while nobody knows. */
export async function resumeSession(
  sessionToken: string,
  { users, link }: Pick<SessionParts, 'users' | 'link'>,
): Promise<{ expiresAtMs: number; state: DriverState } | undefined> {
  const answer = await link.ask('resume-session', { sessionToken });
  if (answer.type === 'session-resumed') return users.isSignedOut(sessionToken) ? undefined : answer.body;
  if (answer.type === 'session-refused' && answer.body.code !== 'SESSION_EXPIRED') throw new NoAnswer(answer.body.code);
  return undefined;
}

/** The person behind a cookie; one that this process does not know is presented to Central first (after a restart). */
export async function findUser(token: string | undefined, parts: SessionParts): Promise<User | undefined> {
  if (!isSessionToken(token)) return undefined;
  const known = parts.users.byToken(token);
  if (known) return known;
  const session = await resumeSession(token, parts);
  return session && parts.users.admit(token, session.expiresAtMs, session.state);
}

/** The person who asks, or 401. */
export async function requireUser(
  request: FastifyRequest,
  parts: SessionParts,
): Promise<{ user: User; token: string }> {
  const token = request.cookies[parts.cookieName];
  const user = await findUser(token, parts);
  if (!user || !token) throw new HttpProblem(401, 'NOT_LOGGED_IN');
  return { user, token };
}

import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { type ApiAnswer, callApi } from '../shared/api.ts';
import { startLive, stopLive } from '../shared/live/live-store.ts';
import { forgetToasts } from '../shared/ui/toasts.tsx';

/** Feeds of a driver's stream: points for all, `me` for one. */
export const POINTS = 'points';
export const ME = 'me';

export type SessionStatus = 'LOADING' | 'SIGNED_OUT' | 'SIGNED_IN' | 'UNREACHABLE';
export type FailedAnswer = Extract<ApiAnswer<never>, { isOk: false }>;

const RETRY_MS = 3_000;
let retry: ReturnType<typeof setTimeout> | undefined;
const session = createStore<{ status: SessionStatus; problem: FailedAnswer | undefined }>(() => ({
  status: 'LOADING',
  problem: undefined,
}));

/** `problem` is why, if it was not asked for: the address stays, so that a new login comes back to the same page. */
function leave(problem?: FailedAnswer): void {
  stopLive();
  session.setState({ status: 'SIGNED_OUT', problem });
}

const ENDED: FailedAnswer = { isOk: false, status: 401, code: 'LOGIN_REQUIRED', params: {} };

function enter(): void {
  session.setState({ status: 'SIGNED_IN', problem: undefined });
  startLive('/live', () => leave(ENDED));
}

/** Who is here? Without an answer nobody is sent to the login: the cookie may still be good. */
export async function startSession(): Promise<void> {
  clearTimeout(retry);
  const answer = await callApi('GET', '/api/me');
  if (answer.isOk) return enter();
  if (answer.status === 401) return leave();
  session.setState({ status: 'UNREACHABLE', problem: answer });
  clearTimeout(retry);
  retry = setTimeout(() => void startSession(), RETRY_MS);
}

/** Shows the app as it is in this status, without a login: for `/__states`. */
export function showAs(status: SessionStatus, problem?: FailedAnswer): void {
  session.setState({ status, problem });
}

export async function signIn(driverId: string, password: string): Promise<FailedAnswer | undefined> {
  const answer = await callApi('POST', '/api/login', { driverId, password });
  if (!answer.isOk) return answer;
  enter();
  return undefined;
}

export type Registration = { driverId: string; name: string; email: string; password: string };

/** Registers a person and signs them in. */
export async function register({ email, ...person }: Registration): Promise<FailedAnswer | undefined> {
  const answer = await callApi('POST', '/api/register', { ...person, ...(email === '' ? {} : { email }) });
  return answer.isOk ? signIn(person.driverId, person.password) : answer;
}

export async function signOut(): Promise<void> {
  await callApi('POST', '/api/logout');
  forgetToasts();
  leave();
}

export function useSessionStatus(): SessionStatus {
  return useStore(session, (state) => state.status);
}

export function useSessionProblem(): FailedAnswer | undefined {
  return useStore(session, (state) => state.problem);
}

import type { Static } from 'typebox';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { MeSchema } from '../../messages/central-api.ts';
import { type ApiAnswer, callApi } from '../shared/api.ts';
import { startLive, stopLive } from '../shared/live/live-store.ts';
import { forgetToasts } from '../shared/ui/toasts.tsx';

export type Operator = Static<typeof MeSchema>;

/** Feed of the Registry's stream. */
export const REGISTRY = 'registry';

/** ASKING: the server has not said yet who this is. */
type Session = { phase: 'ASKING' } | { phase: 'ANYBODY' } | { phase: 'SIGNED_IN'; operator: Operator };

const session = createStore<{ session: Session }>(() => ({ session: { phase: 'ASKING' } }));

/** Shows the page as it is for this operator (or nobody), without a login: for `/__states`. */
export function showAs(operator: Operator | undefined): void {
  session.setState({ session: operator ? { phase: 'SIGNED_IN', operator } : { phase: 'ANYBODY' } });
}

function leave(): void {
  forgetToasts();
  stopLive();
  session.setState({ session: { phase: 'ANYBODY' } });
}

function enter(operator: Operator): void {
  session.setState({ session: { phase: 'SIGNED_IN', operator } });
  if (operator.role === 'admin') startLive('/live', leave);
}

/** Who is here? Asked again while the Registry does not answer. */
export async function startSession(): Promise<void> {
  const answer = await callApi<Operator>('GET', '/api/me');
  if (answer.isOk) enter(answer.body);
  else if (answer.status === 401) leave();
  else setTimeout(() => void startSession(), 2_000);
}

export async function signIn(operatorId: string, password: string): Promise<ApiAnswer<Operator>> {
  const answer = await callApi<Operator>('POST', '/api/login', { operatorId, password });
  if (answer.isOk) enter(answer.body);
  return answer;
}

export async function signOut(): Promise<void> {
  await callApi('POST', '/api/logout');
  leave();
}

export function useSession(): Session {
  return useStore(session, (state) => state.session);
}

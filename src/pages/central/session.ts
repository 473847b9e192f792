import type { Static } from 'typebox';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { MeSchema, OperatorRole } from '../../messages/central-api.ts';
import { type ApiAnswer, callApi } from '../shared/api.ts';
import { startLive } from '../shared/live/live-store.ts';
import { forgetToasts } from '../shared/ui/toasts.tsx';
import { forgetDrafts } from './points/detail/point-drafts.ts';

export type Operator = Static<typeof MeSchema>;

/** Feed of Central's stream in both views. */
export const PANEL = 'panel';

const session = createStore<{ operator: Operator | undefined }>(() => ({ operator: undefined }));

/** Shows the page as it is for this operator, without a login: for `/__states`. */
export function showAs(operator: Operator | undefined): void {
  session.setState({ operator });
}

function watch(operator: Operator | undefined): void {
  session.setState({ operator });
  startLive(`/live?view=${operator ? 'operator' : 'public'}`, () => watch(undefined));
}

/** Who is here? The stream starts in the view that they may see; without Central that is the public one. */
export async function startSession(): Promise<void> {
  const answer = await callApi<Operator>('GET', '/api/me');
  watch(answer.isOk ? answer.body : undefined);
}

export async function signIn(operatorId: string, password: string): Promise<ApiAnswer<Operator>> {
  const answer = await callApi<Operator>('POST', '/api/login', { operatorId, password });
  if (answer.isOk) watch(answer.body);
  return answer;
}

export async function signOut(): Promise<void> {
  await callApi('POST', '/api/logout');
  forgetToasts();
  forgetDrafts();
  watch(undefined);
}

export function useOperator(): Operator | undefined {
  return useStore(session, (state) => state.operator);
}

/** True if whoever is logged in may do what this role may. */
export function useMay(role: Exclude<OperatorRole, 'viewer'>): boolean {
  const operator = useOperator();
  if (!operator) return false;
  return operator.role === 'admin' || operator.role === role;
}

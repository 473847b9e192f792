import type { MonitorView } from '../../messages/live-stream.ts';
import type { ActivityCode } from '../../messages/shown-codes.ts';

export const MONITOR_STEPS = ['CREDENTIALS', 'SECURE', 'AUTHENTICATED', 'KEY', 'INSTALLED', 'CHANNEL'] as const;
export type MonitorStepId = (typeof MONITOR_STEPS)[number];

/** NOW: the first that is not done; WAITING: comes after that one. */
export type MonitorStep = {
  id: MonitorStepId;
  status: 'DONE' | 'NOW' | 'FAILED' | 'WAITING';
  /** Why it failed. */
  code?: string;
  /** When it was done, if the log still knows. */
  atMs?: number;
};

const DONE_BY: Partial<Record<MonitorStepId, ActivityCode>> = {
  CREDENTIALS: 'REGISTERED',
  AUTHENTICATED: 'AUTHENTICATED',
  KEY: 'KEY_RECEIVED',
  INSTALLED: 'KEY_INSTALLED',
};

function failureOf(id: MonitorStepId, view: MonitorView): string | undefined {
  if (id === 'CREDENTIALS') return view.registryCall?.code;
  if (id === 'AUTHENTICATED') return view.central.refusal;
  return id === 'KEY' && view.key.isRevoked ? 'KEY_REVOKED' : undefined;
}

/** The way of a point into the network, step by step, as it stands now: its start is progress, not an error (ux 3.5). */
export function monitorSteps(view: MonitorView): MonitorStep[] {
  const { central, key, engine } = view;
  const isDone: Record<MonitorStepId, boolean> = {
    CREDENTIALS: view.isRegistered,
    SECURE: central.isConnected || central.refusal !== undefined,
    AUTHENTICATED: central.isConnected,
    KEY: key.keyId !== undefined,
    INSTALLED: key.isInstalled,
    CHANNEL: engine.isChannelUp,
  };
  const first = MONITOR_STEPS.find((id) => !isDone[id]);
  const isBefore = (id: MonitorStepId) =>
    first === undefined || MONITOR_STEPS.indexOf(id) < MONITOR_STEPS.indexOf(first);
  return MONITOR_STEPS.map((id): MonitorStep => {
    if (isBefore(id)) {
      const atMs = view.log.findLast(({ code }) => code === DONE_BY[id])?.atMs;
      return { id, status: 'DONE', ...(atMs === undefined ? {} : { atMs }) };
    }
    if (id !== first) return { id, status: 'WAITING' };
    const code = failureOf(id, view);
    return code === undefined ? { id, status: 'NOW' } : { id, status: 'FAILED', code };
  });
}

/** What a person has to do next at this Monitor; undefined: nothing. */
export function nextAction(view: MonitorView): 'REGISTER' | 'AUTHENTICATE' | undefined {
  const { refusal } = view.central;
  if (!view.isRegistered || refusal === 'BAD_CREDENTIALS' || refusal === 'RETIRED') return 'REGISTER';
  return view.key.isRevoked ? 'AUTHENTICATE' : undefined;
}

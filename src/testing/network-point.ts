import type { EngineView, MonitorView } from '../messages/live-stream.ts';
import { type ApiClient, ApiRefused, createApiClient } from './api-client.ts';
import { type LivePage, openLivePage } from './live-page.ts';
import { untilAsked } from './until.ts';

/** The hands at one charging point, by the API of its page's server. */
export type PointHands = {
  cpId: string;
  /** The server of the point's page; engine under /api/engine, Monitor under /api/monitor. */
  web: ApiClient;
  engine(): Promise<EngineView>;
  monitor(): Promise<MonitorView>;
  start(requestId?: string): Promise<void>;
  plug(): Promise<void>;
  /** Waits until the point waits for the plug, then plugs. */
  plugWhenAuthorised(): Promise<void>;
  unplug(): Promise<void>;
  stop(): Promise<void>;
  cancel(): Promise<void>;
  setFault(isFaulted: boolean): Promise<void>;
  setLocalHold(isHeld: boolean): Promise<void>;
  authenticate(intent: 'CONNECT' | 'NEW_KEY' | 'TAKE_OVER'): Promise<void>;
  /** Waits until the engine is in this phase. */
  untilPhase(phase: EngineView['phase'], withinMs?: number): Promise<void>;
  page(): LivePage;
};

const PHASE_WITHIN_MS = 30_000;

/** Hands for the point that network.json describes. */
export function pointHands(of: { cpId: string; pageUrl: string; caFile?: string }): PointHands {
  const web = createApiClient({ baseUrl: of.pageUrl, caFile: of.caFile });
  const engine = (): Promise<EngineView> => web.get('/api/engine/state');
  const act = (name: string, body?: unknown) => web.post<void>(`/api/engine/${name}`, body);
  const untilPhase = (phase: EngineView['phase'], withinMs = PHASE_WITHIN_MS): Promise<void> =>
    untilAsked(`the engine of ${of.cpId} is ${phase}`, async () => (await engine()).phase === phase, withinMs);
  return {
    ...{ cpId: of.cpId, web, engine, untilPhase },
    monitor: () => web.get('/api/monitor/state'),
    start: (requestId) => act('start', requestId === undefined ? {} : { requestId }),
    plug: () => act('plug'),
    plugWhenAuthorised: () =>
      untilAsked(`${of.cpId} takes the plug`, () => act('plug').then(() => true, notYet), PHASE_WITHIN_MS),
    unplug: () => act('unplug'),
    stop: () => act('stop'),
    cancel: () => act('cancel'),
    setFault: (isFaulted) => act('fault', { isFaulted }),
    setLocalHold: (isHeld) => act('out-of-service', { isHeld }),
    authenticate: (intent) => web.post('/api/monitor/authenticate', { intent }),
    page: () => openLivePage({ baseUrl: of.pageUrl, caFile: of.caFile }),
  };
}

function notYet(error: unknown): false {
  if (error instanceof ApiRefused && error.code === 'NOT_AUTHORISED') return false;
  throw error;
}

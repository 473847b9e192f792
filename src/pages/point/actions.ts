import type { SimulationChange } from '../../messages/local-apis.ts';
import type { ApiAnswer } from '../shared/api.ts';
import { callApi, newRequestId } from '../shared/api.ts';

/** Feeds of a point's stream, and the id of the one entity in each. */
export const ENGINE = 'engine';
export const MONITOR = 'monitor';

type Answer = Promise<ApiAnswer<unknown>>;

const engine = (action: string, body: object = {}): Answer => callApi('POST', `/api/engine/${action}`, body);
const monitor = (action: string, body: object = {}): Answer => callApi('POST', `/api/monitor/${action}`, body);

/** What a hand at the point can do. */
export const engineActions = {
  start: () => engine('start', { requestId: newRequestId() }),
  cancel: () => engine('cancel'),
  plug: () => engine('plug'),
  unplug: () => engine('unplug'),
  stop: () => engine('stop'),
  setOutOfService: (isHeld: boolean) => engine('out-of-service', { isHeld }),
  setFault: (isFaulted: boolean) => engine('fault', { isFaulted }),
  simulate: (change: SimulationChange) => engine('simulation', change),
};

/** What an installer does at the Monitor. */
export const monitorActions = {
  register: (token: string) => monitor('register', { token }),
  authenticate: () => monitor('authenticate', { intent: 'NEW_KEY' }),
  unregister: () => monitor('unregister'),
};

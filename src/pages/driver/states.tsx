import type { Scene } from '../shared/states/scene.ts';
import { driverMe, pointCard } from '../testing/scenes.ts';
import { App } from './app.tsx';
import { ME, POINTS, showAs } from './session.ts';

const feeds = {
  [POINTS]: {
    points: {
      CP001: pointCard('CP001'),
      CP002: pointCard('CP002', { state: 'CHARGING' }),
      CP003: pointCard('CP003', { state: 'OUT_OF_SERVICE', reasons: ['OPERATOR', 'WEATHER'] }),
      CP004: pointCard('CP004', { state: 'FAULTED' }),
      CP005: pointCard('CP005', { state: 'DISCONNECTED' }),
    },
  },
  [ME]: { me: { me: driverMe() }, tickets: {} },
};

/** Every visual state of the driver's app (`/__states`). */
export const scenes: readonly Scene[] = [
  { id: 'sign-in', prepare: () => showAs('SIGNED_OUT'), render: () => <App /> },
  { id: 'points', feeds, prepare: () => showAs('SIGNED_IN'), render: () => <App /> },
];

import type { Scene } from '../shared/states/scene.ts';
import { engineView, monitorView } from '../testing/scenes.ts';
import { ENGINE, MONITOR } from './actions.ts';
import { App } from './app.tsx';

const feeds = { [ENGINE]: { engine: { engine: engineView() } }, [MONITOR]: { monitor: { monitor: monitorView() } } };
const upstream = { isCentralReachable: true, isEngineReachable: true, isMonitorReachable: true };

/** Every visual state of a point's pages (`/__states`). */
export const scenes: readonly Scene[] = [
  { id: 'engine-idle', feeds, upstream, render: () => <App /> },
  { id: 'monitor', feeds, upstream, path: '/monitor', render: () => <App /> },
];

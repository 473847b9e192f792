import type { Scene } from '../shared/states/scene.ts';
import { auditScenes } from './audit/states.tsx';
import { pointScenes } from './points/states.tsx';
import { sideScenes } from './side/states.tsx';
import { weatherScenes } from './weather/states.tsx';

/** Every visual state of the panel (`/__states`); each area adds its own. */
export const scenes: readonly Scene[] = [...pointScenes, ...sideScenes, ...weatherScenes, ...auditScenes];

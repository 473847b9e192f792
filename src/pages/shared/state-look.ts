import { Ban, type LucideIcon, Plug, TriangleAlert, Unplug, Zap } from 'lucide-react';
import { POINT_STATES, type PointState } from '../../domain/vocabulary.ts';

/** Icon of each state: with colour, label and pattern it is told four times over (ux 2.1). */
export const STATE_ICONS: Readonly<Record<PointState, LucideIcon>> = {
  AVAILABLE: Plug,
  CHARGING: Zap,
  OUT_OF_SERVICE: Ban,
  FAULTED: TriangleAlert,
  DISCONNECTED: Unplug,
};

/** States as filter chips list them. */
export const STATES_IN_ORDER: readonly PointState[] = POINT_STATES;

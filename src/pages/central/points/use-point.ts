import type { PanelPoint, PanelSupply } from '../../../messages/live-stream.ts';
import { useEntity } from '../../shared/live/live-store.ts';
import { PANEL } from '../session.ts';
import { useSupplyAt } from './by-point.ts';

/** What each look of a point in the list is given. */
export type PointProps = { cpId: string; tabIndex: 0 | -1; onOpen(cpId: string): void };

/** One point with its open supply; renders again only when one of them changes. */
export function usePoint(cpId: string): { point: PanelPoint | undefined; supply: PanelSupply | undefined } {
  return { point: useEntity<PanelPoint>(PANEL, 'points', cpId), supply: useSupplyAt(cpId) };
}

/** True once there is energy to speak of. */
export function hasFigures(supply: PanelSupply): boolean {
  return supply.state === 'CHARGING' || supply.energyWh > 0;
}

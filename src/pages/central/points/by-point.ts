import { useStore } from 'zustand';
import type { PanelOrder, PanelSupply } from '../../../messages/live-stream.ts';
import type { LiveState } from '../../shared/live/live-client.ts';
import { liveStore } from '../../shared/live/live-store.ts';
import { PANEL } from '../session.ts';

type Collection = Readonly<Record<string, unknown>>;
type AtPoint = { cpId: string };

// A collection is a new object when anything in it changed: the index is made once for all tiles that look.
function createIndex<Entity extends AtPoint>(isWanted: (entity: Entity) => boolean) {
  const indices = new WeakMap<Collection, Map<string, Entity>>();
  return (collection: Collection): ReadonlyMap<string, Entity> => {
    let index = indices.get(collection);
    if (!index) {
      index = new Map();
      for (const entity of Object.values(collection) as Entity[]) if (isWanted(entity)) index.set(entity.cpId, entity);
      indices.set(collection, index);
    }
    return index;
  };
}

/** The open supply of each point that has one. */
export const suppliesByPoint = createIndex<PanelSupply>(() => true);
const ordersOnTheirWay = createIndex<PanelOrder>((order) => order.state === 'SENT');

const NOTHING: Collection = {};
const collectionOf = (state: LiveState, name: string): Collection => state.feeds[PANEL]?.collections[name] ?? NOTHING;

/** The open supply of a point; renders again only when that one changes. */
export function useSupplyAt(cpId: string): PanelSupply | undefined {
  return useStore(liveStore, (state) => suppliesByPoint(collectionOf(state, 'supplies')).get(cpId));
}

/** The order to a point that is still on its way. */
export function useOrderOnItsWay(cpId: string): PanelOrder | undefined {
  return useStore(liveStore, (state) => ordersOnTheirWay(collectionOf(state, 'orders')).get(cpId));
}

import { MAX_LIVE_ITEMS, MAX_LIVE_READINGS, type ReplicaNews } from '../../../messages/central-live.ts';
import type { PanelMessage, PanelOrder, PanelRefusal } from '../../../messages/live-stream.ts';
import type { WeatherStatusReport } from '../../../messages/weather-api.ts';
import type { LiveReadings } from '../readings/live-readings.ts';

/** What this replica has to tell the others, gathered until it goes. */
export type OutgoingNews = {
  message(message: PanelMessage): void;
  order(order: PanelOrder): void;
  refusal(refusal: PanelRefusal): void;
  loginsChanged(): void;
  weatherChanged(): void;
  weatherStatus(report: WeatherStatusReport): void;
  /** Takes everything out. `withReadings`: only while another replica lives. */
  take(options: { withReadings: boolean }): ReplicaNews[];
};

/** Bounded: while the broker is away the oldest go, they are in the database or in the audit. */
export function createOutgoingNews(replicaId: string, readings: LiveReadings): OutgoingNews {
  const messages = new Map<string, PanelMessage>();
  const orders = new Map<string, PanelOrder>();
  const refusals = new Map<string, PanelRefusal>();
  let changes: Pick<ReplicaNews, 'haveLoginsChanged' | 'hasWeatherChanged' | 'weatherStatus'> = {};

  return {
    message: (message) => keep(messages, message.messageId, message),
    order: (order) => keep(orders, `${order.orderId}:${order.cpId}`, order),
    refusal: (refusal) => keep(refusals, refusal.requestId, refusal),
    loginsChanged: () => {
      changes = { ...changes, haveLoginsChanged: true };
    },
    weatherChanged: () => {
      changes = { ...changes, hasWeatherChanged: true };
    },
    weatherStatus: (weatherStatus) => {
      changes = { ...changes, weatherStatus };
    },
    take({ withReadings }) {
      const first = { replicaId, ...takeAll({ messages, orders, refusals }), ...changes, readings: [] };
      const isNews = first.messages.length + first.orders.length + first.refusals.length > 0;
      const hasNews = isNews || Object.keys(changes).length > 0;
      changes = {};
      const changed = readings.takeChanged('replicas');
      return [...(hasNews ? [first] : []), ...(withReadings ? batches(replicaId, readings, changed) : [])];
    },
  };
}

function keep<Item>(items: Map<string, Item>, id: string, item: Item): void {
  items.delete(id);
  items.set(id, item);
  if (items.size > MAX_LIVE_ITEMS) items.delete(items.keys().next().value!);
}

function takeAll<Items extends Record<string, Map<string, unknown>>>(of: Items) {
  const taken = Object.entries(of).map(([name, items]) => {
    const all = [...items.values()];
    items.clear();
    return [name, all];
  });
  return Object.fromEntries(taken) as {
    [Name in keyof Items]: Items[Name] extends Map<string, infer Item> ? Item[] : never;
  };
}

function batches(replicaId: string, readings: LiveReadings, supplyIds: readonly string[]): ReplicaNews[] {
  const rows = supplyIds.flatMap((supplyId): ReplicaNews['readings'] => {
    const reading = readings.newest(supplyId);
    if (!reading) return [];
    const { sequence, energyWh, powerW, measuredAtMs, receivedAtMs } = reading;
    return [[supplyId, sequence, energyWh, powerW, measuredAtMs, receivedAtMs]];
  });
  return Array.from({ length: Math.ceil(rows.length / MAX_LIVE_READINGS) }, (_, index) => ({
    ...{ replicaId, messages: [], orders: [], refusals: [] },
    readings: rows.slice(index * MAX_LIVE_READINGS, (index + 1) * MAX_LIVE_READINGS),
  }));
}

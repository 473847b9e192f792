import { Gauge, Registry } from 'prom-client';
import { POINT_STATES } from '../../domain/vocabulary.ts';
import type { CentralRooms } from './central-rooms.ts';

/** Central's own figures for /metrics, read when they are asked for. */
export function centralMetrics(rooms: CentralRooms): Registry {
  const registry = new Registry();
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  new Gauge({
    name: 'ev_points',
    help: 'Charging points by derived state',
    labelNames: ['state'],
    registers: [registry],
    collect() {
      const counts = new Map<string, number>(POINT_STATES.map((state) => [state, 0]));
      for (const { state } of rooms.picture.points()) counts.set(state, (counts.get(state) ?? 0) + 1);
      for (const [state, count] of counts) this.set({ state }, count);
    },
  });
  gauge('ev_open_supplies', 'Supplies that hold a point', () => [...rooms.picture.supplies()].length);
  gauge('ev_monitors_connected', 'Monitors with a socket here', () => rooms.late.monitors?.connectedCount ?? 0);
  gauge(
    'ev_live_viewers',
    'Live streams open',
    () => rooms.picture.feeds.public.viewerCount + rooms.picture.feeds.operator.viewerCount,
  );
  gauge('ev_kafka_up', 'Does the broker answer?', () => Number(rooms.kafka.isUp));
  gauge('ev_kafka_queued_records', 'Records waiting for the broker', () => rooms.kafka.figures.queuedRecords);
  gauge('ev_kafka_sent_records', 'Records acknowledged since the start', () => rooms.kafka.figures.sentRecords);
  gauge('ev_kafka_assigned_partitions', 'Partitions this replica reads', () => rooms.kafka.figures.assignedPartitions);
  gauge('ev_database_up', 'Does PostgreSQL answer?', () => Number(rooms.late.isDatabaseUp));
  return registry;
}

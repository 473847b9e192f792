import type { TSchema } from 'typebox';
import { centralLive } from './central-live.ts';
import { channelNegotiation } from './channel-negotiation.ts';
import { centralToDriver, centralToStatus, driverToCentral } from './driver-central.ts';
import { centralToEngine, engineToCentral } from './engine-central.ts';
import * as examples from './examples.ts';
import { centralToMonitor, monitorToCentral } from './monitor-central.ts';
import { engineToMonitor, monitorToEngine } from './monitor-engine.ts';

/** One direction of a conversation: its messages, and a valid example of each. */
export type Conversation = {
  /** As fixtures of older versions name it: never changed. */
  name: string;
  title: string;
  way: string;
  catalogue: Readonly<Record<string, TSchema>>;
  bodies: Readonly<Record<string, unknown>>;
};

/** Every message on a socket or a topic: documents, fixtures and tests all take them from here. */
export const CONVERSATIONS: readonly Conversation[] = [
  {
    name: 'channel-negotiation',
    title: 'Clients and Central about a channel',
    way: 'Kafka, the selection pair of the zone: sealed of points, open or signed of driver processes',
    catalogue: channelNegotiation,
    bodies: examples.channelNegotiationExamples,
  },
  {
    name: 'engine-to-central',
    title: 'Engine to Central',
    way: 'Kafka, sealed, `<zone>_<n>_req`',
    catalogue: engineToCentral,
    bodies: examples.engineToCentralExamples,
  },
  {
    name: 'central-to-engine',
    title: 'Central to engine',
    way: 'Kafka, sealed, `<zone>_<n>_res`',
    catalogue: centralToEngine,
    bodies: examples.centralToEngineExamples,
  },
  {
    name: 'driver-to-central',
    title: 'Driver process to Central',
    way: 'Kafka, sealed, `<zone>_<n>_req`',
    catalogue: driverToCentral,
    bodies: examples.driverToCentralExamples,
  },
  {
    name: 'central-to-driver',
    title: 'Central to driver process',
    way: 'Kafka, sealed, `<zone>_<n>_res`',
    catalogue: centralToDriver,
    bodies: examples.centralToDriverExamples,
  },
  {
    name: 'central-to-status',
    title: 'Central to everybody',
    way: 'Kafka, signed, status topic of the zone',
    catalogue: centralToStatus,
    bodies: examples.centralToStatusExamples,
  },
  {
    name: 'monitor-to-central',
    title: 'Monitor to Central',
    way: 'frames over TLS, 8020',
    catalogue: monitorToCentral,
    bodies: examples.monitorToCentralExamples,
  },
  {
    name: 'central-to-monitor',
    title: 'Central to Monitor',
    way: 'frames over TLS, 8020',
    catalogue: centralToMonitor,
    bodies: examples.centralToMonitorExamples,
  },
  {
    name: 'engine-to-monitor',
    title: 'Engine to Monitor',
    way: 'frames over TLS, 8010',
    catalogue: engineToMonitor,
    bodies: examples.engineToMonitorExamples,
  },
  {
    name: 'monitor-to-engine',
    title: 'Monitor to engine',
    way: 'frames over TLS, 8010',
    catalogue: monitorToEngine,
    bodies: examples.monitorToEngineExamples,
  },
  {
    name: 'central-live',
    title: 'Central to the other Centrals',
    way: 'Kafka, sealed, `central_live`',
    catalogue: centralLive,
    bodies: examples.centralLiveExamples,
  },
];

import type { Audit } from '../../../io/audit/audit.ts';
import type { Clock } from '../../../io/clock.ts';
import type { ServiceLeaf } from '../../../io/crypto/service-leaf.ts';
import type { Log } from '../../../io/log.ts';
import type { Database } from '../../../io/postgres/database.ts';
import type { PointKeys } from '../keys/point-keys.ts';
import type { Picture, PointChanges } from '../parts.ts';

/** What the room of the Monitors needs; made in central.ts. */
export type MonitorParts = {
  db: Database;
  points: PointChanges;
  keys: PointKeys;
  /** Central's TLS certificate; a renewed one is used without a restart. */
  leaf: ServiceLeaf;
  /** 48 bytes shared by the replicas (`NetworkTrust.ticketKeys`). */
  ticketKeys: Buffer;
  clock: Clock;
  log: Log;
  audit: Audit;
  say: Picture['say'];
  /** Where all living Centrals take Monitors. */
  centralSockets(): string[];
  config: {
    host: string;
    port: number;
    /** What Monitors are told to beat at (protocol 2.4). */
    heartbeatMs: number;
    /** The broker addresses that engines are told. */
    brokers: string;
  };
};

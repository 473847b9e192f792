import type { Vehicle } from '../../domain/charging-curve.ts';
import type { DeclineCode } from '../../domain/vocabulary.ts';
import type { Audit } from '../../io/audit/audit.ts';
import type { Clock } from '../../io/clock.ts';
import type { Log } from '../../io/log.ts';
import type { EngineView } from '../../messages/live-stream.ts';
import type { SimulationChange } from '../../messages/local-apis.ts';
import type { KafkaSource, StartChannel } from './central-channel.ts';
import type { EngineJournal } from './engine-records.ts';
import type { DialMonitor } from './monitor-link.ts';

export type EngineSettings = {
  pairingToken: string;
  /** `host:port,...`; empty: those that Central names. */
  ownBrokers: string;
  vehicle: Vehicle;
  /** Simulated seconds a second, 1 to 60. */
  speed: number;
  /** By themselves after so long, ms; 0: a person does it. */
  autoPlugMs: number;
  autoUnplugMs: number;
  /** Lines kept of the activity log; default 100. */
  logLines?: number;
};

export type EngineParts = {
  clock: Clock;
  log: Log;
  audit: Audit;
  journal: EngineJournal;
  kafka: KafkaSource;
  startChannel: StartChannel;
  dialMonitor: DialMonitor;
  /** The point's id is known: from the Monitor's certificate. */
  onIdentified?(cpId: string): void;
};

/** Why a hand at the point is told no. */
export type PointRefusal =
  | DeclineCode
  | 'NO_CHANNEL'
  | 'OUT_OF_SERVICE'
  | 'NOT_AUTHORISED'
  | 'NOT_CHARGING'
  | 'NOTHING_TO_CANCEL';

/** A charging point's engine; the methods are the hand at the point and return undefined or why not. */
export type Engine = {
  view(): EngineView;
  /** Called after anything shown has changed. */
  onChange(listener: () => void): void;
  readonly cpId: string | undefined;
  readonly isMonitorPaired: boolean;
  readonly isChannelUp: boolean;
  readonly isKeyRevoked: boolean;
  readonly isBrokerUp: boolean | undefined;
  readonly isCentralReachable: boolean;
  start(requestId: string): PointRefusal | undefined;
  cancel(): PointRefusal | undefined;
  plug(): PointRefusal | undefined;
  unplug(): PointRefusal | undefined;
  stopSupply(): PointRefusal | undefined;
  setLocalHold(isHeld: boolean): PointRefusal | undefined;
  setFault(isFaulted: boolean): void;
  readonly isFaultSet: boolean;
  /** Changes what is simulated. NO_MONITOR: this engine does not know yet whose it is. */
  simulate(change: SimulationChange): PointRefusal | undefined;
  /** Accepted, and Central's authorisation is on its way: a plug is right in a moment. */
  readonly isAwaitingAuthorisation: boolean;
  /** Nothing runs, nothing is asked for. */
  readonly isIdle: boolean;
  readonly isCharging: boolean;
  readonly unacknowledgedCount: number;
  stop(): Promise<void>;
};

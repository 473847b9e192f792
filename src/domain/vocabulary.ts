/** The closed lists of the field's words (D-01, D-05, D-06; protocol 4). Schemas, domain and pages all derive from these. */

/** What anybody may be shown of a charging point (D-01). */
export const POINT_STATES = ['AVAILABLE', 'CHARGING', 'OUT_OF_SERVICE', 'FAULTED', 'DISCONNECTED'] as const;
export type PointState = (typeof POINT_STATES)[number];

/** Standing reasons not to start a supply (D-03). */
export const HOLD_KINDS = ['OPERATOR', 'WEATHER', 'LOCAL', 'KEY_REVOKED'] as const;
export type HoldKind = (typeof HOLD_KINDS)[number];

/** Why a point is OUT_OF_SERVICE: its holds, or that its engine has no channel to Central. */
export const OUT_OF_SERVICE_REASONS = [...HOLD_KINDS, 'NO_CHANNEL'] as const;
export type OutOfServiceReason = (typeof OUT_OF_SERVICE_REASONS)[number];

/** States of a supply that occupy its charging point (D-05). */
export const OPEN_SUPPLY_STATES = ['REQUESTED', 'PREPARING', 'CHARGING', 'ENDING', 'INTERRUPTED'] as const;
export type OpenSupplyState = (typeof OPEN_SUPPLY_STATES)[number];
export const SUPPLY_STATES = [...OPEN_SUPPLY_STATES, 'ENDED', 'DENIED'] as const;
export type SupplyState = (typeof SUPPLY_STATES)[number];

/** Why a supply ended: exactly one per ticket (D-06). */
export const END_REASONS = [
  'UNPLUGGED',
  'DRIVER_STOP',
  'LOCAL_STOP',
  'OPERATOR_STOP',
  'FAULT',
  'ENGINE_RESTART',
  'KEY_REVOKED',
  'MONITOR_LOSS',
  'PLUG_TIMEOUT',
  'CANCELLED',
] as const;
export type EndReason = (typeof END_REASONS)[number];

/** Who pressed the button. */
export const SUPPLY_ORIGINS = ['APP', 'BATCH', 'POINT'] as const;
export type SupplyOrigin = (typeof SUPPLY_ORIGINS)[number];

/** Every way in which a request for a supply can be answered with no (protocol 4). */
export const REFUSAL_CODES = [
  'CP_UNKNOWN',
  'CP_BUSY',
  'CP_DISCONNECTED',
  'CP_FAULTED',
  'CP_OUT_OF_SERVICE',
  'DRIVER_BUSY',
  'DRIVER_UNKNOWN',
  'NOT_LOGGED_IN',
  'REQUEST_EXPIRED',
  'POINT_NO_ANSWER',
  'POINT_DECLINED',
  'CANCELLED',
  'NO_BALANCE',
  'SERVICE_UNAVAILABLE',
] as const;
export type RefusalCode = (typeof REFUSAL_CODES)[number];

/** Why an engine says no to `start-supply`. */
export const DECLINE_CODES = [
  'BUSY',
  'NO_KEY',
  'NO_MONITOR',
  'NO_CENTRAL',
  'FAULTED',
  'LOCAL_HOLD',
  'EXPIRED',
  'CANCELLED',
] as const;
export type DeclineCode = (typeof DECLINE_CODES)[number];

/** Doubts about a supply's figures: accepted, ticketed, shown to operators (protocol 4, Suspect). */
export const SUSPECT_REASONS = [
  'ENERGY_BELOW_SNAPSHOT',
  'ENERGY_ABOVE_POSSIBLE',
  'ENERGY_WITHOUT_PLUG',
  'REASON_NOT_ORDERED',
  'UNKNOWN_SUPPLY',
] as const;
export type SuspectReason = (typeof SUSPECT_REASONS)[number];

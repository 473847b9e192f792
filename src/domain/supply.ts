import type { Refusal } from './refusal.ts';
import { DAY_MS, MINUTE_MS, SECOND_MS } from './units.ts';
import type { EndReason, OpenSupplyState, SupplyOrigin, SuspectReason } from './vocabulary.ts';

interface SupplyFields {
  readonly supplyId: string;
  readonly requestId: string;
  readonly clientId: string;
  readonly cpId: string;
  readonly driverId: string | null;
  readonly origin: SupplyOrigin;
  readonly version: number;
  readonly priceE4PerKwh: number;
  readonly requestedAtMs: number;
  readonly authorisedAtMs: number | null;
  readonly pluggedAtMs: number | null;
  readonly orderedEndReason: EndReason | null;
  readonly suspectReasons: readonly SuspectReason[];
}

/** A supply that holds its point; it always has a deadline, so that nothing waits for ever (F-15). */
export interface OpenSupply extends SupplyFields {
  readonly state: OpenSupplyState;
  readonly deadlineAtMs: number;
  readonly endedAtMs: null;
  readonly closedAtMs: null;
  readonly endReason: null;
  readonly refusal: null;
  readonly energyWh: null;
  readonly amountCents: null;
  readonly isEstimated: false;
}

/** A supply with its ticket; `endedAtMs` is the engine's, `closedAtMs` Central's. */
export interface EndedSupply extends SupplyFields {
  readonly state: 'ENDED';
  readonly deadlineAtMs: null;
  readonly endedAtMs: number;
  readonly closedAtMs: number;
  readonly endReason: EndReason;
  readonly refusal: null;
  readonly energyWh: number;
  readonly amountCents: number;
  readonly isEstimated: boolean;
}

/** A request that never became a charge: a refusal, no ticket. */
export interface DeniedSupply extends SupplyFields {
  readonly state: 'DENIED';
  readonly deadlineAtMs: null;
  readonly endedAtMs: number;
  readonly closedAtMs: null;
  readonly endReason: null;
  readonly refusal: Refusal;
  readonly energyWh: null;
  readonly amountCents: null;
  readonly isEstimated: false;
}

/**
 * One row of `supplies`, one to one: camelCase is the column's snake_case, `...AtMs` its timestamptz in
 * milliseconds, `refusal` the text of `refusalText` (parsed by `parseRefusal`), null is NULL.
 */
export type Supply = OpenSupply | EndedSupply | DeniedSupply;

/** The newest reading that Central has of a supply (memory, else `meter_snapshots`). */
export interface MeterSnapshot {
  readonly sequence: number;
  readonly energyWh: number;
  readonly powerW: number;
  readonly measuredAtMs: number;
  readonly receivedAtMs: number;
}

/** Central's figures; every one may be configured. */
export interface SupplyPolicy {
  readonly acceptTimeoutMs: number;
  /** The engine's limit, told to it in `hello-answered` and with `supply-authorised`. */
  readonly plugTimeoutMs: number;
  /** What Central waits beyond that, for an engine that does not speak. */
  readonly plugGraceMs: number;
  readonly endTimeoutMs: number;
  readonly silenceMs: number;
  /** How often a CHARGING supply is looked at when nothing else happens. */
  readonly chargingCheckMs: number;
  readonly settleAfterMs: number;
  readonly monitorLoss: 'continue' | 'stop';
  readonly isBalanceRequired: boolean;
}

export const DEFAULT_SUPPLY_POLICY: SupplyPolicy = {
  acceptTimeoutMs: 5 * SECOND_MS,
  plugTimeoutMs: 120 * SECOND_MS,
  plugGraceMs: 15 * SECOND_MS,
  endTimeoutMs: 30 * SECOND_MS,
  silenceMs: MINUTE_MS,
  chargingCheckMs: 10 * MINUTE_MS,
  settleAfterMs: DAY_MS,
  monitorLoss: 'continue',
  isBalanceRequired: false,
};

/** True while the supply holds its charging point. */
export function isOpen(supply: Supply): supply is OpenSupply {
  return supply.state !== 'ENDED' && supply.state !== 'DENIED';
}

/** True while the supply bars its driver from another one: an INTERRUPTED one does not (D-05). */
export function bindsDriver(supply: Supply): boolean {
  return isOpen(supply) && supply.state !== 'INTERRUPTED';
}

/** The newer of two readings of one supply: cumulative, so a repeat or a late one changes nothing (F-25). */
export function newerSnapshot(known: MeterSnapshot | null, incoming: MeterSnapshot): MeterSnapshot {
  return known !== null && known.sequence >= incoming.sequence ? known : incoming;
}

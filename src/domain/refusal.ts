import type { OutOfServiceReason } from './charging-point.ts';

/** Every business "no" a requester can hear (protocol 4). */
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

/** A "no" from the closed list; `reasons` only with CP_OUT_OF_SERVICE, `detail` is a code, never prose. */
export interface Refusal {
  readonly code: RefusalCode;
  readonly reasons?: readonly OutOfServiceReason[];
  readonly detail?: string;
}

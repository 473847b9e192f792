import { OUT_OF_SERVICE_REASONS, type OutOfServiceReason, REFUSAL_CODES, type RefusalCode } from './vocabulary.ts';

/** A "no" from the closed list; `reasons` only with CP_OUT_OF_SERVICE, `detail` is a code, never prose. */
export interface Refusal {
  readonly code: RefusalCode;
  readonly reasons?: readonly OutOfServiceReason[];
  readonly detail?: string;
}

/** One word for `supplies.refusal`: CODE, CODE(detail) or CP_OUT_OF_SERVICE(REASON,REASON). */
export function refusalText(refusal: Refusal): string {
  const inside = refusal.reasons?.join(',') ?? refusal.detail;
  return inside === undefined || inside === '' ? refusal.code : `${refusal.code}(${inside})`;
}

/** Reads `refusalText` back; undefined if the code is not of the list. */
export function parseRefusal(text: string): Refusal | undefined {
  const open = text.indexOf('(');
  const name = open === -1 ? text : text.slice(0, open);
  const code = REFUSAL_CODES.find((known) => known === name);
  if (code === undefined) return undefined;
  if (open === -1) return { code };
  const inside = text.slice(open + 1, -1);
  if (code !== 'CP_OUT_OF_SERVICE') return { code, detail: inside };
  return { code, reasons: OUT_OF_SERVICE_REASONS.filter((reason) => inside.split(',').includes(reason)) };
}

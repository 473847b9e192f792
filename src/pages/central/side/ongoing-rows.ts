import type { PanelRefusal, PanelSupply } from '../../../messages/live-stream.ts';

/** A line of "ongoing requests and charges". */
export type OngoingRow =
  | { kind: 'SUPPLY'; atMs: number; supply: PanelSupply }
  | { kind: 'REFUSAL'; atMs: number; refusal: PanelRefusal };

/** Open supplies and the refusals of the last 30 s, newest first. */
export function ongoingRows(supplies: readonly PanelSupply[], refusals: readonly PanelRefusal[]): OngoingRow[] {
  const rows: OngoingRow[] = [
    ...supplies.map((supply) => ({ kind: 'SUPPLY' as const, atMs: supply.requestedAtMs, supply })),
    ...refusals.map((refusal) => ({ kind: 'REFUSAL' as const, atMs: refusal.atMs, refusal })),
  ];
  return rows.sort((a, b) => b.atMs - a.atMs);
}

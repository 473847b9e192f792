import type { PanelPoint } from '../../../messages/live-stream.ts';

/** How long what has passed is still named, as solved. */
export const SOLVED_SHOWN_MS = 10_000;
export const ATTENTION_SHOWN = 6;

export type AttentionItem = { cpId: string; sinceMs: number; solvedAtMs?: number };

/** True for what somebody should look at: broken, silent, stopped by weather, or with a key that does not work. */
export function needsAttention(point: PanelPoint): boolean {
  if (point.state === 'FAULTED' || point.state === 'DISCONNECTED') return true;
  return point.reasons.some((reason) => reason === 'WEATHER' || reason === 'KEY_REVOKED' || reason === 'NO_CHANNEL');
}

/** The list after a look at all points: newest first; what is solved stays for ten seconds. */
export function nextAttention(
  before: readonly AttentionItem[],
  points: readonly PanelPoint[],
  nowMs: number,
): AttentionItem[] {
  const open = points.filter(needsAttention).map(({ cpId, stateSinceMs }) => ({ cpId, sinceMs: stateSinceMs }));
  const isOpen = new Set(open.map(({ cpId }) => cpId));
  const solved = before
    .filter(({ cpId }) => !isOpen.has(cpId))
    .map((item) => ({ ...item, solvedAtMs: item.solvedAtMs ?? nowMs }))
    .filter(({ solvedAtMs }) => nowMs - solvedAtMs < SOLVED_SHOWN_MS);
  return [...open, ...solved].sort((a, b) => b.sinceMs - a.sinceMs || (a.cpId < b.cpId ? -1 : 1));
}

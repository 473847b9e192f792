import type { PanelPoint } from '../../../../messages/live-stream.ts';
import { draftOfPoint, type PointDraft } from '../../../shared/enrolment/point-draft.ts';

/** What is typed of a point, what was there when the typing began, and the revision of that. */
export type Editing = { draft: PointDraft; base: PointDraft; revision: number };

/** What is typed and not saved outlives other tabs and other points. */
const kept = new Map<string, Editing>();

export function editingOf(point: PanelPoint): Editing {
  const draft = draftOfPoint(point);
  return { draft, base: draft, revision: point.revision ?? 0 };
}

export function isDirty({ draft, base }: Editing): boolean {
  return JSON.stringify(draft) !== JSON.stringify(base);
}

export function keptEditing(cpId: string): Editing | undefined {
  return kept.get(cpId);
}

export function keepEditing(cpId: string, editing: Editing): void {
  if (isDirty(editing)) kept.set(cpId, editing);
  else kept.delete(cpId);
}

/** After a logout nothing that was typed stays. */
export function forgetDrafts(): void {
  kept.clear();
}

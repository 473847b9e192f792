import { TriangleAlert } from 'lucide-react';
import { useActionState, useState } from 'react';
import type { PointCreated } from '../../messages/central-api.ts';
import type { RegistryPoint } from '../../messages/registry-api.ts';
import type { ApiAnswer } from '../shared/api.ts';
import { draftOfPoint, emptyPointDraft, type PointDraft, pointFromDraft } from '../shared/enrolment/point-draft.ts';
import { PointFields } from '../shared/enrolment/point-fields.tsx';
import { ActionButton } from '../shared/ui/action-button.tsx';
import { errorText } from '../shared/ui/answer-text.ts';
import { Dialog, DialogFoot } from '../shared/ui/dialog.tsx';
import { FormError, SubmitButton } from '../shared/ui/field.tsx';
import { useLeaveWarning } from '../shared/ui/leave-warning.ts';
import { say } from '../shared/ui/toasts.tsx';
import { registryActions } from './actions.ts';
import styles from './registry.module.css';
import { useRegistryTexts } from './texts/use-texts.ts';

type Props = {
  points: Readonly<Record<string, RegistryPoint>>;
  /** The point to edit; absent: a new one. */
  cpId?: string;
  onClose(): void;
  onCreated(created: PointCreated): void;
};

/** What was there when the editing began, or when it was last taken over. */
type Base = { draft: PointDraft; revision: number };

function baseOf(point: RegistryPoint | undefined): Base {
  return point ? { draft: draftOfPoint(point), revision: point.revision } : { draft: emptyPointDraft(), revision: 0 };
}

/** Is the id of a new point free? Said while it is typed. */
function IdNote({ points, cpId }: { points: Props['points']; cpId: string }) {
  const { t } = useRegistryTexts();
  if (!/^[A-Z][A-Z0-9]{1,19}$/.test(cpId)) return null;
  const known = points[cpId];
  const key = known === undefined ? 'registry.idFree' : known.isRetired ? 'registry.idRetired' : 'registry.idTaken';
  return (
    <p className={styles.idNote} data-free={known === undefined || known.isRetired} role="status" data-testid="id-note">
      {t(key, { id: cpId })}
    </p>
  );
}

function ChangedMeanwhile(props: { cpId: string; onTakeNew(): void; onKeepMine(): void }) {
  const { t } = useRegistryTexts();
  return (
    <div className={styles.caution} role="alert" data-testid="changed-meanwhile">
      <TriangleAlert size={20} aria-hidden="true" />
      <span>{t('registry.changedMeanwhile', { id: props.cpId })}</span>
      <ActionButton size="small" testId="take-new" onClick={props.onTakeNew}>
        {t('registry.takeNew')}
      </ActionButton>
      <ActionButton size="small" testId="save-anyway" onClick={props.onKeepMine}>
        {t('registry.saveAnyway')}
      </ActionButton>
    </div>
  );
}

function Unsaved({ onDiscard, onStay }: { onDiscard(): void; onStay(): void }) {
  const { t } = useRegistryTexts();
  return (
    <div className={styles.caution} role="alert" data-testid="unsaved">
      <TriangleAlert size={20} aria-hidden="true" />
      <span>{t('registry.unsaved')}</span>
      <ActionButton size="small" testId="discard" onClick={onDiscard}>
        {t('registry.discard')}
      </ActionButton>
      <ActionButton size="small" variant="primary" testId="keep-editing" onClick={onStay}>
        {t('registry.keepEditing')}
      </ActionButton>
    </div>
  );
}

/** Enrols a new point (its token is shown once by `onCreated`) or edits one, without losing what is typed to anybody else's change. */
export function PointDialog({ points, cpId, onClose, onCreated }: Props) {
  const { t } = useRegistryTexts();
  const point = cpId === undefined ? undefined : points[cpId];
  const [base, setBase] = useState(() => baseOf(point));
  const [draft, setDraft] = useState(base.draft);
  const [isLeaving, setLeaving] = useState(false);
  const isDirty = JSON.stringify(draft) !== JSON.stringify(base.draft);
  useLeaveWarning(isDirty);
  const change = (name: keyof PointDraft) => (value: string) => setDraft((before) => ({ ...before, [name]: value }));
  const [problem, submit, isBusy] = useActionState<Extract<ApiAnswer<never>, { isOk: false }> | undefined>(async () => {
    if (cpId === undefined) {
      const answer = await registryActions.add(pointFromDraft(draft));
      if (!answer.isOk) return answer;
      onCreated(answer.body);
      return undefined;
    }
    const answer = await registryActions.edit(pointFromDraft(draft), base.revision);
    if (!answer.isOk) return answer;
    say('good', t('registry.done.edited', { id: cpId }));
    onClose();
    return undefined;
  }, undefined);
  const takeNew = () => {
    const newest = baseOf(point);
    setBase(newest);
    setDraft(newest.draft);
  };
  const isOutdated = point !== undefined && point.revision !== base.revision && !isBusy;
  const title = cpId === undefined ? t('registry.add') : t('registry.editTitle', { id: cpId });
  return (
    <Dialog title={title} onClose={() => (isDirty ? setLeaving(true) : onClose())} testId="point-dialog">
      <form action={submit} className={styles.form}>
        <PointFields
          draft={draft}
          change={change}
          isNew={cpId === undefined}
          idNote={cpId === undefined ? <IdNote points={points} cpId={draft.cpId.trim()} /> : null}
        />
        {cpId === undefined ? null : <p className="muted">{t('registry.editNote')}</p>}
        {isOutdated && cpId !== undefined ? (
          <ChangedMeanwhile
            cpId={cpId}
            onTakeNew={takeNew}
            onKeepMine={() => setBase({ ...base, revision: point.revision })}
          />
        ) : null}
        {problem ? <FormError>{errorText(t, problem)}</FormError> : null}
        {isLeaving && isDirty ? <Unsaved onDiscard={onClose} onStay={() => setLeaving(false)} /> : null}
        <DialogFoot>
          <ActionButton testId="point-cancel" onClick={() => (isDirty ? setLeaving(true) : onClose())}>
            {t('common.cancel')}
          </ActionButton>
          <SubmitButton isBusy={isBusy} testId="point-submit">
            {cpId === undefined ? t('registry.submitAdd') : t('registry.submitEdit')}
          </SubmitButton>
        </DialogFoot>
      </form>
    </Dialog>
  );
}

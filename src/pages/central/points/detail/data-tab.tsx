import { TriangleAlert } from 'lucide-react';
import { useActionState, useState } from 'react';
import type { PanelPoint } from '../../../../messages/live-stream.ts';
import type { ApiAnswer } from '../../../shared/api.ts';
import { type PointDraft, pointFromDraft } from '../../../shared/enrolment/point-draft.ts';
import { PointFields } from '../../../shared/enrolment/point-fields.tsx';
import { useFormats } from '../../../shared/i18n.ts';
import { ActionButton } from '../../../shared/ui/action-button.tsx';
import { errorText } from '../../../shared/ui/answer-text.ts';
import { Fact, Facts } from '../../../shared/ui/facts.tsx';
import { FormError, SubmitButton } from '../../../shared/ui/field.tsx';
import { useBlockedReason } from '../../../shared/ui/freshness-bar.tsx';
import { useLeaveWarning } from '../../../shared/ui/leave-warning.ts';
import { say } from '../../../shared/ui/toasts.tsx';
import { editPoint } from '../../orders.ts';
import { PANEL, useMay } from '../../session.ts';
import { useCentralTexts } from '../../texts/use-texts.ts';
import styles from './detail.module.css';
import { type Editing, editingOf, isDirty, keepEditing, keptEditing } from './point-drafts.ts';

function useEditing(point: PanelPoint) {
  const [editing, setEditing] = useState(() => keptEditing(point.cpId) ?? editingOf(point));
  const isTyped = isDirty(editing);
  // Nobody types: what others change is simply shown, and what was just saved before the stream has it.
  const current = isTyped || editing.revision > (point.revision ?? 0) ? editing : editingOf(point);
  const put = (next: Editing) => {
    keepEditing(point.cpId, next);
    setEditing(next);
  };
  useLeaveWarning(isTyped);
  return { current, isTyped, put, takeNew: () => put(editingOf(point)) };
}

function EditForm({ point }: { point: PanelPoint }) {
  const { t } = useCentralTexts();
  const offline = useBlockedReason(PANEL);
  const { current, isTyped, put, takeNew } = useEditing(point);
  const { cpId, revision = 0 } = point;
  const [problem, submit, isBusy] = useActionState<Extract<ApiAnswer<never>, { isOk: false }> | undefined>(async () => {
    const { cpId: _id, zone: _zone, ...edited } = pointFromDraft(current.draft);
    const answer = await editPoint(cpId, { ...edited, revision: current.revision });
    if (!answer.isOk) return answer;
    put({ draft: current.draft, base: current.draft, revision: current.revision + 1 });
    say('good', t('points.detail.saved', { id: cpId }));
    return undefined;
  }, undefined);
  const change = (name: keyof PointDraft) => (value: string) =>
    put({ ...current, draft: { ...current.draft, [name]: value } });
  return (
    <form action={submit} className={styles.form} data-testid="data-form">
      <PointFields draft={current.draft} change={change} isNew={false} />
      {isTyped && revision !== current.revision && !isBusy ? (
        <div className={styles.caution} role="alert" data-testid="changed-meanwhile">
          <TriangleAlert size={20} aria-hidden="true" />
          <span>{t('points.detail.changedMeanwhile', { id: cpId })}</span>
          <ActionButton size="small" testId="take-new" onClick={takeNew}>
            {t('points.detail.takeNew')}
          </ActionButton>
          <ActionButton size="small" testId="keep-mine" onClick={() => put({ ...current, revision })}>
            {t('points.detail.keepMine')}
          </ActionButton>
        </div>
      ) : null}
      {problem ? <FormError>{errorText(t, problem)}</FormError> : null}
      <div className={styles.actions}>
        {isTyped && offline === undefined ? (
          <SubmitButton isBusy={isBusy} testId="data-save">
            {t('common.save')}
          </SubmitButton>
        ) : (
          <ActionButton
            testId="data-save"
            blockedBy={offline ?? t('points.detail.unchanged')}
            onClick={() => undefined}
          >
            {t('common.save')}
          </ActionButton>
        )}
        {isTyped ? (
          <ActionButton testId="data-undo" onClick={takeNew}>
            {t('points.detail.discard')}
          </ActionButton>
        ) : null}
      </div>
    </form>
  );
}

function DataFacts({ point }: { point: PanelPoint }) {
  const { t } = useCentralTexts();
  const formats = useFormats();
  const { latitude, longitude } = point;
  const hasPlace = latitude !== undefined && longitude !== undefined;
  return (
    <>
      <Facts>
        <Fact name={t('points.column.zone')}>{point.zone}</Fact>
        <Fact name={t('points.column.address')}>{point.address}</Fact>
        <Fact name={t('points.column.city')}>
          {point.city}, {point.country}
        </Fact>
        <Fact name={t('figure.price')}>{formats.price(point.priceE4PerKwh)}</Fact>
        <Fact name={t('figure.maxPower')}>{formats.power(point.maxPowerW)}</Fact>
        <Fact name={t('points.detail.coordinates')}>
          {hasPlace ? `${formats.number(latitude)} · ${formats.number(longitude)}` : '—'}
        </Fact>
      </Facts>
      <p className="muted">{t('points.detail.adminEdits')}</p>
    </>
  );
}

/** What the point is said to be; an administrator corrects it here (ux 3.1). */
export function DataTab({ point }: { point: PanelPoint }) {
  return useMay('admin') ? <EditForm point={point} /> : <DataFacts point={point} />;
}

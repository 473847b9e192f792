import { useActionState, useState } from 'react';
import type { PointCreated } from '../../messages/central-api.ts';
import type { ApiAnswer } from '../shared/api.ts';
import { emptyPointDraft, type PointDraft, pointFromDraft } from '../shared/enrolment/point-draft.ts';
import { PointFields } from '../shared/enrolment/point-fields.tsx';
import { TokenOnce } from '../shared/enrolment/token-once.tsx';
import { ActionButton } from '../shared/ui/action-button.tsx';
import { errorText } from '../shared/ui/answer-text.ts';
import { Dialog, DialogFoot } from '../shared/ui/dialog.tsx';
import { FormError, SubmitButton } from '../shared/ui/field.tsx';
import styles from './central.module.css';
import { addPoint } from './orders.ts';
import { useCentralTexts } from './texts/use-texts.ts';

/** An administrator adds a point; the answer is a token for its Monitor, never a secret. */
export function AddPointDialog({ onClose }: { onClose(): void }) {
  const { t } = useCentralTexts();
  const [draft, setDraft] = useState(emptyPointDraft);
  const [created, setCreated] = useState<PointCreated>();
  const change = (name: keyof PointDraft) => (value: string) => setDraft((before) => ({ ...before, [name]: value }));
  const [problem, submit, isBusy] = useActionState<Extract<ApiAnswer<never>, { isOk: false }> | undefined>(async () => {
    const answer = await addPoint(pointFromDraft(draft));
    if (!answer.isOk) return answer;
    setCreated(answer.body);
    return undefined;
  }, undefined);
  if (created) return <TokenOnce created={created} onClose={onClose} />;
  return (
    <Dialog title={t('central.addPoint')} onClose={onClose} testId="add-point-dialog">
      <form action={submit} className={styles.form}>
        <PointFields draft={draft} change={change} isNew />
        {problem ? <FormError>{errorText(t, problem)}</FormError> : null}
        <DialogFoot>
          <ActionButton onClick={onClose}>{t('common.cancel')}</ActionButton>
          <SubmitButton isBusy={isBusy} testId="add-point-submit">
            {t('central.addPoint')}
          </SubmitButton>
        </DialogFoot>
      </form>
    </Dialog>
  );
}

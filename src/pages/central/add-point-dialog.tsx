import { TriangleAlert } from 'lucide-react';
import { useActionState, useRef, useState } from 'react';
import type { PointCreated } from '../../messages/central-api.ts';
import type { ApiAnswer } from '../shared/api.ts';
import { useFormats } from '../shared/i18n.ts';
import { ActionButton } from '../shared/ui/action-button.tsx';
import { errorText } from '../shared/ui/answer-text.ts';
import { Dialog, DialogFoot } from '../shared/ui/dialog.tsx';
import { Field, FormError, SubmitButton } from '../shared/ui/field.tsx';
import styles from './central.module.css';
import { addPoint } from './orders.ts';
import { emptyPointDraft, type PointDraft, pointFromDraft } from './point-draft.ts';
import { useCentralTexts } from './texts/use-texts.ts';

type Change = (name: keyof PointDraft) => (value: string) => void;

function IdentityFields({ draft, change }: { draft: PointDraft; change: Change }) {
  const { t } = useCentralTexts();
  return (
    <div className={styles.formRow}>
      <Field
        label={t('central.form.id')}
        testId="new-cpId"
        value={draft.cpId}
        onChange={change('cpId')}
        pattern="[A-Z][A-Z0-9]{1,19}"
        hint={t('central.form.idHint')}
        maxLength={20}
        isUpperCase
        isRequired
      />
      <Field
        label={t('central.form.zone')}
        testId="new-zone"
        value={draft.zone}
        onChange={change('zone')}
        pattern="[A-Z][A-Z0-9]{1,7}"
        hint={t('central.form.zoneHint')}
        maxLength={8}
        isUpperCase
        isRequired
      />
    </div>
  );
}

function PlaceFields({ draft, change }: { draft: PointDraft; change: Change }) {
  const { t } = useCentralTexts();
  return (
    <>
      <Field
        label={t('central.form.address')}
        testId="new-address"
        value={draft.address}
        onChange={change('address')}
        maxLength={100}
        isRequired
      />
      <div className={styles.formRow}>
        <Field
          label={t('central.form.city')}
          testId="new-city"
          value={draft.city}
          onChange={change('city')}
          maxLength={50}
          isRequired
        />
        <Field
          label={t('central.form.country')}
          testId="new-country"
          value={draft.country}
          onChange={change('country')}
          pattern="[A-Z]{2}"
          maxLength={2}
          isUpperCase
          isRequired
        />
      </div>
    </>
  );
}

function FigureFields({ draft, change }: { draft: PointDraft; change: Change }) {
  const { t } = useCentralTexts();
  return (
    <div className={styles.formRow}>
      <Field
        label={t('central.form.price')}
        testId="new-price"
        type="number"
        value={draft.priceEuro}
        onChange={change('priceEuro')}
        min={0.01}
        max={5}
        step={0.0001}
        isRequired
      />
      <Field
        label={t('central.form.power')}
        testId="new-power"
        type="number"
        value={draft.powerKw}
        onChange={change('powerKw')}
        min={1}
        max={400}
        step={0.1}
        isRequired
      />
    </div>
  );
}

/** The enrolment token, shown this once: not in the address, not in storage. */
function TokenOnce({ created, onClose }: { created: PointCreated; onClose(): void }) {
  const { t } = useCentralTexts();
  const formats = useFormats();
  const [isSaved, setSaved] = useState(false);
  const [isCopied, setCopied] = useState(false);
  const tokenRef = useRef<HTMLInputElement>(null);
  const copy = async () => {
    tokenRef.current?.select();
    // Absent on plain-http addresses of a LAN: the selected field and Ctrl+C remain.
    if (!navigator.clipboard) return;
    await navigator.clipboard.writeText(created.enrolmentToken);
    setCopied(true);
  };
  return (
    <Dialog
      title={t('central.token.title', { id: created.cpId })}
      onClose={onClose}
      canClose={isSaved}
      testId="token-dialog"
    >
      <p>{t('central.token.what')}</p>
      <div className={styles.tokenRow}>
        <input
          ref={tokenRef}
          readOnly
          className="mono"
          aria-label={t('central.token.label')}
          data-testid="enrolment-token"
          value={created.enrolmentToken}
          onFocus={(event) => event.target.select()}
        />
        <ActionButton testId="copy-token" onClick={() => void copy()}>
          {isCopied ? t('common.copied') : t('common.copy')}
        </ActionButton>
      </div>
      <p className={styles.warning}>
        <TriangleAlert size={20} aria-hidden="true" />
        <span>{t('central.token.once', { when: formats.dateTime(created.expiresAtMs) })}</span>
      </p>
      <label>
        <input
          type="checkbox"
          data-testid="token-saved"
          checked={isSaved}
          onChange={(event) => setSaved(event.target.checked)}
        />{' '}
        {t('central.token.saved')}
      </label>
      <DialogFoot>
        <ActionButton
          variant="primary"
          testId="token-close"
          blockedBy={isSaved ? undefined : t('central.token.tickFirst')}
          onClick={onClose}
        >
          {t('common.close')}
        </ActionButton>
      </DialogFoot>
    </Dialog>
  );
}

/** An administrator adds a point; the answer is a token for its Monitor, never a secret. */
export function AddPointDialog({ onClose }: { onClose(): void }) {
  const { t } = useCentralTexts();
  const [draft, setDraft] = useState(emptyPointDraft);
  const [created, setCreated] = useState<PointCreated>();
  const change: Change = (name) => (value) => setDraft((before) => ({ ...before, [name]: value }));
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
        <IdentityFields draft={draft} change={change} />
        <PlaceFields draft={draft} change={change} />
        <FigureFields draft={draft} change={change} />
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

import { Download, Eye, EyeOff, TriangleAlert } from 'lucide-react';
import { useId, useRef, useState } from 'react';
import type { PointCreated } from '../../../messages/central-api.ts';
import { downloadText } from '../download-text.ts';
import { useFormats, useTexts } from '../i18n.ts';
import { ActionButton } from '../ui/action-button.tsx';
import { Dialog, DialogFoot } from '../ui/dialog.tsx';
import { useLeaveWarning } from '../ui/leave-warning.ts';
import styles from './enrolment.module.css';
import { tokenFile } from './token-file.ts';

function TokenField({ token }: { token: string }) {
  const { t } = useTexts();
  const [isShown, setShown] = useState(false);
  const [copied, setCopied] = useState<'DONE' | 'BY_HAND'>();
  const field = useRef<HTMLInputElement>(null);
  const Icon = isShown ? EyeOff : Eye;
  const copy = async () => {
    field.current?.select();
    // Absent on plain-http addresses of a LAN, and a browser may refuse it: the selected field and Ctrl+C remain.
    const isDone = await navigator.clipboard?.writeText(token).then(
      () => true,
      () => false,
    );
    setCopied(isDone === true ? 'DONE' : 'BY_HAND');
  };
  return (
    <>
      <div className={styles.token}>
        <input
          ref={field}
          readOnly
          className={isShown ? 'mono' : `mono ${styles.hidden}`}
          aria-label={t('enrol.token.label')}
          data-testid="enrolment-token"
          autoComplete="off"
          value={token}
          onFocus={(event) => event.target.select()}
        />
        <ActionButton testId="show-token" onClick={() => setShown(!isShown)}>
          <Icon size={18} aria-hidden="true" /> {isShown ? t('common.hide') : t('common.show')}
        </ActionButton>
        <ActionButton testId="copy-token" onClick={() => void copy()}>
          {copied === 'DONE' ? t('common.copied') : t('common.copy')}
        </ActionButton>
      </div>
      {copied === 'BY_HAND' ? <p role="status">{t('enrol.token.copyByHand')}</p> : null}
    </>
  );
}

/** An enrolment token, shown this once: in no address, no storage, and gone with this dialog (ux 9.7). */
export function TokenOnce(props: { created: PointCreated; registryUrl?: string; onClose(): void }) {
  const { t } = useTexts();
  const formats = useFormats();
  const [isSaved, setSaved] = useState(false);
  const tickId = useId();
  const { created, registryUrl, onClose } = props;
  useLeaveWarning(!isSaved);
  return (
    <Dialog
      title={t('enrol.token.title', { id: created.cpId })}
      onClose={onClose}
      canClose={isSaved}
      testId="token-dialog"
    >
      <p>{t('enrol.token.what')}</p>
      <TokenField token={created.enrolmentToken} />
      <div className={styles.files}>
        {(['env', 'json'] as const).map((form) => (
          <ActionButton
            key={form}
            size="small"
            testId={`token-${form}`}
            onClick={() => downloadText(tokenFile(form, created, registryUrl))}
          >
            <Download size={16} aria-hidden="true" /> {t(`enrol.token.file.${form}`)}
          </ActionButton>
        ))}
      </div>
      <p className={styles.warning}>
        <TriangleAlert size={20} aria-hidden="true" />
        <span>{t('enrol.token.once', { when: formats.dateTime(created.expiresAtMs) })}</span>
      </p>
      <label htmlFor={tickId}>
        <input
          id={tickId}
          type="checkbox"
          data-testid="token-saved"
          checked={isSaved}
          onChange={(event) => setSaved(event.target.checked)}
        />{' '}
        {t('enrol.token.saved')}
      </label>
      <DialogFoot>
        <ActionButton
          variant="primary"
          testId="token-close"
          blockedBy={isSaved ? undefined : t('enrol.token.tickFirst')}
          onClick={onClose}
        >
          {t('common.close')}
        </ActionButton>
      </DialogFoot>
    </Dialog>
  );
}

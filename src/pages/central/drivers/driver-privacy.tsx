import { Eraser, FileDown } from 'lucide-react';
import { useState } from 'react';
import type { DriverExport } from '../../../messages/central-history-api.ts';
import { callApi } from '../../shared/api.ts';
import { downloadText } from '../../shared/download-text.ts';
import { ActionButton } from '../../shared/ui/action-button.tsx';
import { errorText } from '../../shared/ui/answer-text.ts';
import { ConfirmDialog } from '../../shared/ui/confirm-dialog.tsx';
import { say } from '../../shared/ui/toasts.tsx';
import { useCentralTexts } from '../texts/use-texts.ts';
import styles from './drivers.module.css';

/** What an administrator does for a person by the GDPR: all that is kept as a file, or its erasure; the id stays. */
export function DriverPrivacy(props: { driverId: string; isErased: boolean; onErased(): void }) {
  const { driverId, isErased, onErased } = props;
  const { t } = useCentralTexts();
  const [isAsking, setAsking] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const path = `/api/drivers/${driverId}/personal-data`;
  const exportAll = async () => {
    setBusy(true);
    const answer = await callApi<DriverExport>('GET', path);
    setBusy(false);
    if (!answer.isOk) return say('error', errorText(t, answer));
    downloadText({ name: `${driverId}.json`, text: `${JSON.stringify(answer.body, undefined, 2)}\n` });
  };
  const erase = async () => {
    setBusy(true);
    const answer = await callApi('DELETE', path);
    setBusy(false);
    if (!answer.isOk) return say('error', errorText(t, answer));
    say('good', t('driverPrivacy.erased', { driver: driverId }));
    onErased();
  };
  return (
    <div className={styles.privacy}>
      <ActionButton size="small" isBusy={isBusy} testId={`export-${driverId}`} onClick={() => void exportAll()}>
        <FileDown size={14} aria-hidden="true" /> {t('driverPrivacy.export')}
        <span className="visually-hidden"> {driverId}</span>
      </ActionButton>
      {isErased ? null : (
        <ActionButton size="small" isBusy={isBusy} testId={`erase-${driverId}`} onClick={() => setAsking(true)}>
          <Eraser size={14} aria-hidden="true" /> {t('driverPrivacy.erase')}
          <span className="visually-hidden"> {driverId}</span>
        </ActionButton>
      )}
      {isAsking ? (
        <ConfirmDialog
          ask={{
            title: t('driverPrivacy.eraseTitle', { driver: driverId }),
            body: t('driverPrivacy.eraseBody'),
            verb: t('driverPrivacy.erase'),
            isDanger: true,
            typed: driverId,
            onConfirm: () => void erase(),
          }}
          onClose={() => setAsking(false)}
        />
      ) : null}
    </div>
  );
}

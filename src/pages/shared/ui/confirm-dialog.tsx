import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { useTexts } from '../i18n.ts';
import { ActionButton } from './action-button.tsx';
import { Dialog, DialogFoot } from './dialog.tsx';
import { Field } from './field.tsx';
import styles from './ui.module.css';

export type Confirmation = {
  title: string;
  body: ReactNode;
  /** Verb and object, repeated on the button. */
  verb: string;
  isDanger?: boolean;
  /** A sentence that must be ticked first. */
  tick?: string | undefined;
  /** A word that must be typed first. */
  typed?: string | undefined;
  onConfirm(): void;
};

/** Asks before something that cannot be taken back; focus starts on Cancel (ux 2.5). */
export function ConfirmDialog({ ask, onClose }: { ask: Confirmation; onClose(): void }) {
  const { t } = useTexts();
  const [isTicked, setTicked] = useState(false);
  const [typed, setTyped] = useState('');
  const cancelRef = useRef<HTMLButtonElement>(null);
  const tickId = useId();
  useEffect(() => cancelRef.current?.focus(), []);
  const missing =
    ask.tick && !isTicked
      ? t('confirm.tickFirst')
      : ask.typed !== undefined && typed.trim() !== ask.typed
        ? t('confirm.typeFirst', { word: ask.typed })
        : undefined;
  return (
    <Dialog title={ask.title} onClose={onClose} testId="confirm-dialog">
      <div>{ask.body}</div>
      {ask.tick ? (
        <label htmlFor={tickId}>
          <input
            id={tickId}
            type="checkbox"
            data-testid="confirm-tick"
            checked={isTicked}
            onChange={(event) => setTicked(event.target.checked)}
          />{' '}
          {ask.tick}
        </label>
      ) : null}
      {ask.typed === undefined ? null : (
        <Field
          label={t('confirm.typeFirst', { word: ask.typed })}
          testId="confirm-typed"
          value={typed}
          onChange={setTyped}
          autoComplete="off"
        />
      )}
      <DialogFoot>
        <button ref={cancelRef} type="button" className={styles.button} onClick={onClose} data-testid="confirm-cancel">
          {t('common.cancel')}
        </button>
        <ActionButton
          variant={ask.isDanger ? 'danger' : 'primary'}
          testId="confirm-ok"
          blockedBy={missing}
          onClick={() => {
            ask.onConfirm();
            onClose();
          }}
        >
          {ask.verb}
        </ActionButton>
      </DialogFoot>
    </Dialog>
  );
}

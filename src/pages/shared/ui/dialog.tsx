import { X } from 'lucide-react';
import { type ReactNode, useEffect, useId, useRef } from 'react';
import { useTexts } from '../i18n.ts';
import styles from './ui.module.css';

export type DialogProps = {
  title: string;
  children: ReactNode;
  onClose(): void;
  testId?: string;
  /** False while closing would lose what is shown only once. */
  canClose?: boolean;
};

/** A modal on the browser's own `<dialog>`: focus stays inside, Esc closes, focus goes back to where it was. */
export function Dialog(props: DialogProps) {
  const { t } = useTexts();
  const ref = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  const canClose = props.canClose !== false;
  useEffect(() => {
    const before = document.activeElement;
    ref.current?.showModal();
    // A form is there to be filled in; the button that closes comes first only in the tree.
    ref.current?.querySelector<HTMLElement>('form input')?.focus();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={ref}
      className={styles.dialog}
      aria-labelledby={titleId}
      data-testid={props.testId}
      onCancel={(event) => {
        event.preventDefault();
        if (canClose) props.onClose();
      }}
    >
      <div className={styles.dialogHead}>
        <h2 id={titleId}>{props.title}</h2>
        {canClose ? (
          <button type="button" className={styles.iconButton} onClick={props.onClose} aria-label={t('common.close')}>
            <X size={20} aria-hidden="true" />
          </button>
        ) : null}
      </div>
      <div className={styles.dialogBody}>{props.children}</div>
    </dialog>
  );
}

/** The row of buttons at a dialog's foot. */
export function DialogFoot({ children }: { children: ReactNode }) {
  return <div className={styles.dialogFoot}>{children}</div>;
}

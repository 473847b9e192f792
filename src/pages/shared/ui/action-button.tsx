import { type ReactNode, useId } from 'react';
import styles from './ui.module.css';

export type ActionButtonProps = {
  children: ReactNode;
  onClick(): void;
  testId?: string;
  variant?: 'primary' | 'danger' | 'quiet' | 'plain';
  size?: 'small' | 'normal' | 'large' | 'huge';
  /** Why it cannot be pressed now; the button stays reachable by keyboard and says so. */
  blockedBy?: string | undefined;
  /** Shows that reason beneath instead of only telling it. */
  showsReason?: boolean;
  isBusy?: boolean;
  label?: string;
  shortcut?: string;
};

/** A button that never dies silently: blocked, it keeps its place and gives its reason. */
export function ActionButton(props: ActionButtonProps) {
  const reasonId = useId();
  const isBlocked = props.blockedBy !== undefined || props.isBusy === true;
  const className = [
    styles.button,
    props.variant && props.variant !== 'plain' ? styles[props.variant] : '',
    props.size && props.size !== 'normal' ? styles[props.size] : '',
  ].join(' ');
  return (
    <>
      <button
        type="button"
        className={className}
        data-testid={props.testId}
        aria-disabled={isBlocked}
        aria-busy={props.isBusy === true}
        aria-label={props.label}
        aria-keyshortcuts={props.shortcut}
        aria-describedby={props.blockedBy ? reasonId : undefined}
        title={props.blockedBy ?? props.label}
        onClick={() => {
          if (!isBlocked) props.onClick();
        }}
      >
        {props.isBusy ? <span className={styles.spinner} aria-hidden="true" /> : null}
        {props.children}
      </button>
      {props.blockedBy ? (
        <span id={reasonId} className={props.showsReason ? styles.reason : 'visually-hidden'}>
          {props.blockedBy}
        </span>
      ) : null}
    </>
  );
}

import { Eye, EyeOff, TriangleAlert } from 'lucide-react';
import { type HTMLInputAutoCompleteAttribute, type ReactNode, useId, useState } from 'react';
import { useTexts } from '../i18n.ts';
import styles from './ui.module.css';

export type FieldProps = {
  label: string;
  value: string;
  onChange(value: string): void;
  testId?: string;
  type?: 'text' | 'number' | 'email' | 'search';
  autoComplete?: HTMLInputAutoCompleteAttribute;
  hint?: string;
  isRequired?: boolean;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  min?: number;
  max?: number;
  step?: number | 'any';
  isUpperCase?: boolean;
};

/** A labelled input; what the server allows is told to the browser too. */
export function Field(props: FieldProps) {
  const id = useId();
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{props.label}</label>
      <input
        id={id}
        type={props.type ?? 'text'}
        data-testid={props.testId}
        value={props.value}
        onChange={(event) => props.onChange(props.isUpperCase ? event.target.value.toUpperCase() : event.target.value)}
        autoComplete={props.autoComplete ?? 'off'}
        autoCapitalize={props.isUpperCase ? 'characters' : 'none'}
        spellCheck={false}
        required={props.isRequired}
        minLength={props.minLength}
        maxLength={props.maxLength}
        pattern={props.pattern}
        min={props.min}
        max={props.max}
        step={props.step}
        aria-describedby={props.hint ? `${id}-hint` : undefined}
      />
      {props.hint ? (
        <span id={`${id}-hint`} className={styles.hint}>
          {props.hint}
        </span>
      ) : null}
    </div>
  );
}

/** A password that can be shown and pasted. */
export function PasswordField(props: {
  label: string;
  value: string;
  onChange(value: string): void;
  testId: string;
  autoComplete: 'current-password' | 'new-password';
  minLength?: number;
  hint?: string;
}) {
  const { t } = useTexts();
  const id = useId();
  const [isShown, setShown] = useState(false);
  const Icon = isShown ? EyeOff : Eye;
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{props.label}</label>
      <div className={styles.passwordRow}>
        <input
          id={id}
          type={isShown ? 'text' : 'password'}
          data-testid={props.testId}
          value={props.value}
          onChange={(event) => props.onChange(event.target.value)}
          autoComplete={props.autoComplete}
          minLength={props.minLength}
          maxLength={200}
          required
        />
        <button
          type="button"
          className={styles.iconButton}
          aria-pressed={isShown}
          aria-label={isShown ? t('common.hidePassword') : t('common.showPassword')}
          onClick={() => setShown(!isShown)}
        >
          <Icon size={20} aria-hidden="true" />
        </button>
      </div>
      {props.hint ? <span className={styles.hint}>{props.hint}</span> : null}
    </div>
  );
}

/** The answer "no" of a form, above its button and announced. */
export function FormError({ children }: { children: ReactNode }) {
  return (
    <div role="alert" className={styles.error} data-testid="form-error">
      <TriangleAlert size={20} aria-hidden="true" />
      <span>{children}</span>
    </div>
  );
}

/** A form's own button: the browser checks the fields first. */
export function SubmitButton(props: { children: ReactNode; isBusy: boolean; testId: string }) {
  return (
    <button
      type="submit"
      className={`${styles.button} ${styles.primary} ${styles.large}`}
      aria-busy={props.isBusy}
      data-testid={props.testId}
    >
      {props.isBusy ? <span className={styles.spinner} aria-hidden="true" /> : null}
      {props.children}
    </button>
  );
}

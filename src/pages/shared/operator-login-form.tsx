import { type ReactNode, useActionState, useState } from 'react';
import type { ApiAnswer } from './api.ts';
import { useTexts } from './i18n.ts';
import { errorText } from './ui/answer-text.ts';
import { Field, FormError, PasswordField, SubmitButton } from './ui/field.tsx';
import { useLock } from './use-lock.ts';

type Props = {
  /** Asks the server; what it refuses is shown in the form. */
  signIn(operatorId: string, password: string): Promise<ApiAnswer<unknown>>;
  onSignedIn?(): void;
  className: string | undefined;
  labels: { operator: string; password: string };
  /** What stands above the fields. */
  children?: ReactNode;
};

/** An operator's login, for the panel and the Registry; the password lives in this form only. */
export function OperatorLoginForm({ signIn, onSignedIn, className, labels, children }: Props) {
  const { t } = useTexts();
  const [operatorId, setOperatorId] = useState('');
  const [password, setPassword] = useState('');
  const [problem, submit, isBusy] = useActionState<Extract<ApiAnswer<never>, { isOk: false }> | undefined>(
    async (before) => {
      // A try while the account is locked would only make the lock longer.
      if (lockSeconds > 0) return before;
      const answer = await signIn(operatorId.trim(), password);
      if (!answer.isOk) return answer;
      onSignedIn?.();
      return undefined;
    },
    undefined,
  );
  const { lockSeconds, told } = useLock(problem);
  return (
    <form action={submit} className={className}>
      {children}
      <Field
        label={labels.operator}
        testId="login-operator"
        value={operatorId}
        onChange={setOperatorId}
        autoComplete="username"
        maxLength={40}
        isRequired
      />
      <PasswordField
        label={labels.password}
        testId="login-password"
        value={password}
        onChange={setPassword}
        autoComplete="current-password"
      />
      {told ? <FormError>{errorText(t, told)}</FormError> : null}
      <SubmitButton isBusy={isBusy} testId="login-submit">
        {t('common.signIn')}
      </SubmitButton>
    </form>
  );
}

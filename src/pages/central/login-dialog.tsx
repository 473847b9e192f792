import { useActionState, useState } from 'react';
import type { ApiAnswer } from '../shared/api.ts';
import { errorText } from '../shared/ui/answer-text.ts';
import { Dialog, DialogFoot } from '../shared/ui/dialog.tsx';
import { Field, FormError, PasswordField, SubmitButton } from '../shared/ui/field.tsx';
import styles from './central.module.css';
import { signIn } from './session.ts';
import { useCentralTexts } from './texts/use-texts.ts';

/** Operator login; the password lives in this form only. */
export function LoginDialog({ onClose }: { onClose(): void }) {
  const { t } = useCentralTexts();
  const [operatorId, setOperatorId] = useState('');
  const [password, setPassword] = useState('');
  const [problem, submit, isBusy] = useActionState<Extract<ApiAnswer<never>, { isOk: false }> | undefined>(async () => {
    const answer = await signIn(operatorId.trim(), password);
    if (!answer.isOk) return answer;
    onClose();
    return undefined;
  }, undefined);
  return (
    <Dialog title={t('central.login.title')} onClose={onClose} testId="login-dialog">
      <form action={submit} className={styles.form}>
        <Field
          label={t('central.login.operator')}
          testId="login-operator"
          value={operatorId}
          onChange={setOperatorId}
          autoComplete="username"
          maxLength={40}
          isRequired
        />
        <PasswordField
          label={t('central.login.password')}
          testId="login-password"
          value={password}
          onChange={setPassword}
          autoComplete="current-password"
        />
        {problem ? <FormError>{errorText(t, problem)}</FormError> : null}
        <DialogFoot>
          <SubmitButton isBusy={isBusy} testId="login-submit">
            {t('common.signIn')}
          </SubmitButton>
        </DialogFoot>
      </form>
    </Dialog>
  );
}

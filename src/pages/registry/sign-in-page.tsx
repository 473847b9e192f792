import { useActionState, useState } from 'react';
import type { ApiAnswer } from '../shared/api.ts';
import { errorText } from '../shared/ui/answer-text.ts';
import { Field, FormError, PasswordField, SubmitButton } from '../shared/ui/field.tsx';
import { Card } from '../shared/ui/parts.tsx';
import styles from './registry.module.css';
import { signIn } from './session.ts';
import { useRegistryTexts } from './texts/use-texts.ts';

/** An administrator's login; the password lives in this form only. */
export function SignInPage() {
  const { t } = useRegistryTexts();
  const [operatorId, setOperatorId] = useState('');
  const [password, setPassword] = useState('');
  const [problem, submit, isBusy] = useActionState<Extract<ApiAnswer<never>, { isOk: false }> | undefined>(async () => {
    const answer = await signIn(operatorId.trim(), password);
    return answer.isOk ? undefined : answer;
  }, undefined);
  return (
    <main id="content" className={styles.signIn} tabIndex={-1}>
      <Card>
        <form action={submit} className={styles.form}>
          <h2>{t('registry.signIn.title')}</h2>
          <p className="muted">{t('registry.signIn.who')}</p>
          <Field
            label={t('registry.signIn.operator')}
            testId="login-operator"
            value={operatorId}
            onChange={setOperatorId}
            autoComplete="username"
            maxLength={40}
            isRequired
          />
          <PasswordField
            label={t('registry.signIn.password')}
            testId="login-password"
            value={password}
            onChange={setPassword}
            autoComplete="current-password"
          />
          {problem ? <FormError>{errorText(t, problem)}</FormError> : null}
          <SubmitButton isBusy={isBusy} testId="login-submit">
            {t('common.signIn')}
          </SubmitButton>
        </form>
      </Card>
    </main>
  );
}

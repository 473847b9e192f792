import { useActionState, useState } from 'react';
import { errorText } from '../../shared/ui/answer-text.ts';
import { Brand, LanguageSwitch, ThemeButton } from '../../shared/ui/chrome.tsx';
import { Field, FormError, PasswordField, SubmitButton } from '../../shared/ui/field.tsx';
import { useLock } from '../../shared/use-lock.ts';
import { type FailedAnswer, type Registration, register, signIn, useSessionProblem } from '../session.ts';
import { useDriverTexts } from '../texts/use-texts.ts';
import styles from './sign-in.module.css';

const USER_ID = { pattern: '[A-Z][A-Z0-9]{1,19}', maxLength: 20 };

function LoginForm() {
  const { t } = useDriverTexts();
  const [driverId, setDriverId] = useState('');
  const [password, setPassword] = useState('');
  const [problem, submit, isBusy] = useActionState<FailedAnswer | undefined>(
    // A try while the account is locked would only make the lock longer.
    async (before) => (lockSeconds > 0 ? before : signIn(driverId.trim(), password)),
    undefined,
  );
  const { lockSeconds, told } = useLock(problem);
  return (
    <form action={submit} className={styles.form}>
      <Field
        label={t('driver.form.id')}
        testId="login-id"
        value={driverId}
        onChange={setDriverId}
        autoComplete="username"
        {...USER_ID}
        isUpperCase
        isRequired
      />
      <PasswordField
        label={t('driver.form.password')}
        testId="login-password"
        value={password}
        onChange={setPassword}
        autoComplete="current-password"
      />
      {told ? <FormError>{errorText(t, told)}</FormError> : null}
      <SubmitButton isBusy={isBusy} testId="login-submit">
        {t('driver.signIn')}
      </SubmitButton>
    </form>
  );
}

function PasswordPair(props: {
  password: string;
  again: string;
  onPassword(value: string): void;
  onAgain(value: string): void;
}) {
  const { t } = useDriverTexts();
  return (
    <>
      <PasswordField
        label={t('driver.form.password')}
        testId="register-password"
        value={props.password}
        onChange={props.onPassword}
        autoComplete="new-password"
        minLength={8}
        hint={t('driver.form.passwordHint')}
      />
      <PasswordField
        label={t('driver.form.passwordAgain')}
        testId="register-password-again"
        value={props.again}
        onChange={props.onAgain}
        autoComplete="new-password"
      />
    </>
  );
}

function RegisterForm() {
  const { t } = useDriverTexts();
  const [draft, setDraft] = useState<Registration>({ driverId: '', name: '', email: '', password: '' });
  const [again, setAgain] = useState('');
  const change = (name: keyof Registration) => (value: string) => setDraft((before) => ({ ...before, [name]: value }));
  const [problem, submit, isBusy] = useActionState<FailedAnswer | 'DIFFERENT' | undefined>(
    async () => (draft.password === again ? register(draft) : 'DIFFERENT'),
    undefined,
  );
  return (
    <form action={submit} className={styles.form}>
      <Field
        label={t('driver.form.id')}
        testId="register-id"
        value={draft.driverId}
        onChange={change('driverId')}
        hint={t('driver.form.idHint')}
        autoComplete="username"
        {...USER_ID}
        isUpperCase
        isRequired
      />
      <Field
        label={t('driver.form.name')}
        testId="register-name"
        value={draft.name}
        onChange={change('name')}
        autoComplete="name"
        maxLength={100}
        isRequired
      />
      <Field
        label={t('driver.form.email')}
        testId="register-email"
        type="email"
        value={draft.email}
        onChange={change('email')}
        autoComplete="email"
        maxLength={100}
      />
      <PasswordPair password={draft.password} again={again} onPassword={change('password')} onAgain={setAgain} />
      {problem ? (
        <FormError>{problem === 'DIFFERENT' ? t('driver.form.different') : errorText(t, problem)}</FormError>
      ) : null}
      <SubmitButton isBusy={isBusy} testId="register-submit">
        {t('driver.register')}
      </SubmitButton>
    </form>
  );
}

/** Login or registration; what is typed stays whatever the server answers. */
export function SignInPage() {
  const { t } = useDriverTexts();
  const problem = useSessionProblem();
  const [isRegistering, setRegistering] = useState(false);
  return (
    <main className={styles.page}>
      <div className={styles.head}>
        <Brand />
        <LanguageSwitch />
        <ThemeButton />
      </div>
      <div className={styles.sheet}>
        <h1>{isRegistering ? t('driver.registerTitle') : t('driver.signInTitle')}</h1>
        <p className="muted">{t('driver.signInHint')}</p>
        {problem ? <FormError>{errorText(t, problem)}</FormError> : null}
        {isRegistering ? <RegisterForm /> : <LoginForm />}
        <button
          type="button"
          className={styles.switch}
          data-testid="switch-form"
          onClick={() => setRegistering(!isRegistering)}
        >
          {isRegistering ? t('driver.haveAccount') : t('driver.noAccount')}
        </button>
      </div>
    </main>
  );
}

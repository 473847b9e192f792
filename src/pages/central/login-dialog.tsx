import { OperatorLoginForm } from '../shared/operator-login-form.tsx';
import { Dialog } from '../shared/ui/dialog.tsx';
import styles from './central.module.css';
import { signIn } from './session.ts';
import { useCentralTexts } from './texts/use-texts.ts';

/** Operator login. */
export function LoginDialog({ onClose }: { onClose(): void }) {
  const { t } = useCentralTexts();
  const labels = { operator: t('central.login.operator'), password: t('central.login.password') };
  return (
    <Dialog title={t('central.login.title')} onClose={onClose} testId="login-dialog">
      <OperatorLoginForm signIn={signIn} onSignedIn={onClose} className={styles.form} labels={labels} />
    </Dialog>
  );
}

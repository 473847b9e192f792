import { OperatorLoginForm } from '../shared/operator-login-form.tsx';
import { Card } from '../shared/ui/parts.tsx';
import styles from './registry.module.css';
import { signIn } from './session.ts';
import { useRegistryTexts } from './texts/use-texts.ts';

/** An administrator's login. */
export function SignInPage() {
  const { t } = useRegistryTexts();
  const labels = { operator: t('registry.signIn.operator'), password: t('registry.signIn.password') };
  return (
    <main id="content" className={styles.signIn} tabIndex={-1}>
      <Card>
        <OperatorLoginForm signIn={signIn} className={styles.form} labels={labels}>
          <h2>{t('registry.signIn.title')}</h2>
          <p className="muted">{t('registry.signIn.who')}</p>
        </OperatorLoginForm>
      </Card>
    </main>
  );
}

import { Component, type ReactNode } from 'react';
import { useTexts } from '../i18n.ts';
import styles from './ui.module.css';

function Broken({ onRetry }: { onRetry(): void }) {
  const { t } = useTexts();
  return (
    <div className={styles.card} role="alert">
      <p>{t('error.card')}</p>
      <button type="button" className={styles.button} onClick={onRetry}>
        {t('common.retry')}
      </button>
    </div>
  );
}

/** One failing card never blanks the page. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { isBroken: boolean }> {
  override state = { isBroken: false };

  static getDerivedStateFromError() {
    return { isBroken: true };
  }

  override render() {
    if (this.state.isBroken) return <Broken onRetry={() => this.setState({ isBroken: false })} />;
    return this.props.children;
  }
}

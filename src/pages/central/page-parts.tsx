import { CircleAlert, LogIn, RotateCcw } from 'lucide-react';
import type { ApiAnswer } from '../shared/api.ts';
import { useLinkLevel, useUpstream } from '../shared/live/live-store.ts';
import { ActionButton } from '../shared/ui/action-button.tsx';
import { errorText } from '../shared/ui/answer-text.ts';
import { Empty } from '../shared/ui/parts.tsx';
import { Waiting } from '../shared/ui/waiting.tsx';
import { openLogin } from './login-state.ts';
import styles from './page-parts.module.css';
import { PANEL } from './session.ts';
import { type CentralKey, useCentralTexts } from './texts/use-texts.ts';

/** True while a question to Central would have no answer: it is asked once Central can be reached again. */
export function useIsCentralAway(): boolean {
  const upstream = useUpstream(PANEL);
  const level = useLinkLevel();
  return level === 'OFFLINE' || (upstream !== undefined && !upstream.isCentralReachable);
}

/** A part whose answer is on its way, or cannot come while Central is away. */
export function Loading({ onRetry }: { onRetry(): void }) {
  const { t } = useCentralTexts();
  if (useIsCentralAway()) return <Empty testId="central-away">{t('conn.centralLost')}</Empty>;
  return <Waiting count={3} onRetry={onRetry} />;
}

/** What went wrong with one part of a page, its code and request, and a way on; what was known stays beneath. */
export function ProblemNote(props: { problem: Extract<ApiAnswer<never>, { isOk: false }>; onRetry(): void }) {
  const { t } = useCentralTexts();
  return (
    <div className={styles.problem} role="alert" data-testid="problem">
      <CircleAlert size={20} aria-hidden="true" />
      <span>
        {errorText(t, props.problem)}{' '}
        <small className="mono">
          {props.problem.code} {props.problem.requestId ?? ''}
        </small>
      </span>
      <ActionButton size="small" onClick={props.onRetry}>
        <RotateCcw size={14} aria-hidden="true" /> {t('common.retry')}
      </ActionButton>
    </div>
  );
}

/** A part that is for operators, seen by somebody else. */
export function NeedsLogin({ title }: { title: CentralKey }) {
  const { t } = useCentralTexts();
  return (
    <section aria-label={t(title)}>
      <h2>{t(title)}</h2>
      <Empty testId="needs-login">
        <p>{t('nav.needsLogin')}</p>
        <ActionButton variant="primary" onClick={openLogin}>
          <LogIn size={16} aria-hidden="true" /> {t('common.signIn')}
        </ActionButton>
      </Empty>
    </section>
  );
}

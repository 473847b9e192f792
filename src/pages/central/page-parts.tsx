import { CircleAlert, LogIn, RotateCcw } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { ApiAnswer } from '../shared/api.ts';
import { useLinkLevel, useUpstream } from '../shared/live/live-store.ts';
import { ActionButton } from '../shared/ui/action-button.tsx';
import { errorText } from '../shared/ui/answer-text.ts';
import { Empty, Skeletons } from '../shared/ui/parts.tsx';
import { openLogin } from './login-state.ts';
import styles from './page-parts.module.css';
import { PANEL } from './session.ts';
import { type CentralKey, useCentralTexts } from './texts/use-texts.ts';

const SHAPE_AFTER_MS = 200;
const SLOW_AFTER_MS = 8_000;

/** True while a question to Central would have no answer: it is asked once Central can be reached again. */
export function useIsCentralAway(): boolean {
  const upstream = useUpstream(PANEL);
  const level = useLinkLevel();
  return level === 'OFFLINE' || (upstream !== undefined && !upstream.isCentralReachable);
}

/** Nothing for a moment, then the shape of what comes, and after eight seconds a word (ux 2.6). */
export function Loading({ onRetry }: { onRetry(): void }) {
  const { t } = useCentralTexts();
  const isAway = useIsCentralAway();
  const [stage, setStage] = useState<'NOTHING' | 'SHAPE' | 'SLOW'>('NOTHING');
  useEffect(() => {
    const shape = setTimeout(() => setStage('SHAPE'), SHAPE_AFTER_MS);
    const slow = setTimeout(() => setStage('SLOW'), SLOW_AFTER_MS);
    return () => {
      clearTimeout(shape);
      clearTimeout(slow);
    };
  }, []);
  if (isAway) return <Empty testId="central-away">{t('conn.centralLost')}</Empty>;
  if (stage === 'NOTHING') return null;
  return (
    <div aria-busy="true">
      <span className="visually-hidden">{t('common.loading')}</span>
      <Skeletons count={3} />
      {stage === 'SLOW' ? (
        <Empty>
          <p>{t('nav.tooLong')}</p>
          <ActionButton size="small" onClick={onRetry}>
            {t('common.retry')}
          </ActionButton>
        </Empty>
      ) : null}
    </div>
  );
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

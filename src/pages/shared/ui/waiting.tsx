import { useEffect, useState } from 'react';
import { useTexts } from '../i18n.ts';
import { retryLiveNow } from '../live/live-store.ts';
import { ActionButton } from './action-button.tsx';
import { Empty, Skeletons } from './parts.tsx';

const SHAPE_AFTER_MS = 200;
const SLOW_AFTER_MS = 8_000;

/** Nothing for a moment, then the shape of what comes, and after eight seconds a word and a way on (ux 2.6): by itself the live stream is asked again. */
export function Waiting({ count, onRetry = retryLiveNow }: { count: number; onRetry?: () => void }) {
  const { t } = useTexts();
  const [stage, setStage] = useState<'NOTHING' | 'SHAPE' | 'SLOW'>('NOTHING');
  useEffect(() => {
    const shape = setTimeout(() => setStage('SHAPE'), SHAPE_AFTER_MS);
    const slow = setTimeout(() => setStage('SLOW'), SLOW_AFTER_MS);
    return () => {
      clearTimeout(shape);
      clearTimeout(slow);
    };
  }, []);
  if (stage === 'NOTHING') return null;
  return (
    <div aria-busy="true" data-testid="waiting">
      <span className="visually-hidden">{t('common.loading')}</span>
      <Skeletons count={count} />
      {stage === 'SLOW' ? (
        <Empty>
          <p role="status">{t('common.tooLong')}</p>
          <ActionButton size="small" testId="waiting-retry" onClick={onRetry}>
            {t('common.retry')}
          </ActionButton>
        </Empty>
      ) : null}
    </div>
  );
}

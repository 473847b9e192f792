import { ChevronLeft } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'wouter';
import { isBatchOver } from '../../../domain/batch.ts';
import { useHasFeed } from '../../shared/live/live-store.ts';
import { ActionButton } from '../../shared/ui/action-button.tsx';
import { Waiting } from '../../shared/ui/waiting.tsx';
import parts from '../parts.module.css';
import { ME } from '../session.ts';
import { useDriverTexts } from '../texts/use-texts.ts';
import { useBatches } from '../use-driver.ts';
import { BatchProgress } from './batch-progress.tsx';
import { BatchStart } from './batch-start.tsx';
import { batchToShow } from './batch-summary.ts';

/** Charges from a list: it runs on the server, so this page may be closed (S-DRV-11, R1-14). */
export function BatchPage() {
  const { t } = useDriverTexts();
  const hasFeed = useHasFeed(ME);
  const batch = batchToShow(useBatches());
  const [isNewWanted, setNewWanted] = useState(false);
  const isRunning = batch !== undefined && !isBatchOver(batch);
  const isStarting = hasFeed && !isRunning && (batch === undefined || isNewWanted);
  return (
    <div className={parts.stack} data-testid="batch">
      <Link href="/mas" className={parts.back}>
        <ChevronLeft size={18} aria-hidden="true" /> {t('driver.tab.more')}
      </Link>
      <h2>{t('batch.title')}</h2>
      {hasFeed ? null : <Waiting count={2} />}
      {isStarting ? <BatchStart onStarted={() => setNewWanted(false)} /> : null}
      {batch && !isStarting ? <BatchProgress batch={batch} /> : null}
      {batch && !isRunning && !isStarting ? (
        <ActionButton variant="primary" size="large" testId="batch-new" onClick={() => setNewWanted(true)}>
          {t('batch.another')}
        </ActionButton>
      ) : null}
    </div>
  );
}

import { Search } from 'lucide-react';
import { Link, useLocation } from 'wouter';
import { isBatchOver } from '../../../domain/batch.ts';
import { ActionButton } from '../../shared/ui/action-button.tsx';
import { Empty } from '../../shared/ui/parts.tsx';
import parts from '../parts.module.css';
import { useDriverTexts } from '../texts/use-texts.ts';
import { TicketCard } from '../tickets/ticket-card.tsx';
import { TicketFiles } from '../tickets/ticket-files.tsx';
import { useBatches } from '../use-driver.ts';
import type { ViewOf } from './charge-view.ts';

/** No charge runs: the way to one, and the last ticket. */
export function NothingNow({ view }: { view: ViewOf<'NONE'> }) {
  const { t } = useDriverTexts();
  const [, navigate] = useLocation();
  const isBatchRunning = useBatches().some((batch) => !isBatchOver(batch));
  return (
    <div className={parts.stack}>
      <Empty testId="no-charge">
        <div className={parts.stack}>
          <p>{t('driver.noCharge')}</p>
          {isBatchRunning ? (
            <Link href="/mas/lote" className={parts.linkButton}>
              {t('batch.runs')}
            </Link>
          ) : (
            <ActionButton variant="primary" size="large" onClick={() => navigate('/')}>
              <Search size={20} aria-hidden="true" /> {t('driver.findPoint')}
            </ActionButton>
          )}
        </div>
      </Empty>
      {view.lastTicket ? (
        <section className={parts.stack} aria-label={t('driver.lastTicket')}>
          <h2>{t('driver.lastTicket')}</h2>
          <TicketCard ticket={view.lastTicket} />
          <TicketFiles ticket={view.lastTicket} />
        </section>
      ) : (
        <p className="muted">{t('driver.noNewTicket')}</p>
      )}
    </div>
  );
}

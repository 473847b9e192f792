import { Hourglass } from 'lucide-react';
import { useFormats } from '../../shared/i18n.ts';
import { Figure } from '../../shared/ui/parts.tsx';
import { Notice } from '../notice.tsx';
import parts from '../parts.module.css';
import { useDriverTexts } from '../texts/use-texts.ts';
import styles from './charge.module.css';
import type { ViewOf } from './charge-view.ts';

/** The engine is lost: what was delivered is safe, the ticket is provisional until the point is back (D-10). */
export function Interrupted({ view }: { view: ViewOf<'INTERRUPTED'> }) {
  const { t } = useDriverTexts();
  const formats = useFormats();
  const { supply } = view;
  return (
    <div data-testid="interrupted" className={parts.stack}>
      <Notice testId="interrupted-notice">{t('driver.interrupted')}</Notice>
      <span className={styles.provisional} data-testid="provisional">
        <Hourglass size={16} aria-hidden="true" /> {t('driver.provisional')}
      </span>
      <dl className={parts.figures}>
        <Figure name={t('figure.energy')} value={formats.energy(supply.energyWh)} testId="energy" />
        <Figure name={t('figure.amount')} value={formats.money(supply.amountCents)} testId="amount" />
        {supply.pluggedAtMs ? <Figure name={t('ticket.start')} value={formats.time(supply.pluggedAtMs)} /> : null}
      </dl>
      <p className="muted">{t('driver.provisionalHint')}</p>
    </div>
  );
}

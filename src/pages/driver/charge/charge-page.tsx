import type { PointCard } from '../../../messages/entities.ts';
import { useEntity } from '../../shared/live/live-store.ts';
import { Card, Empty } from '../../shared/ui/parts.tsx';
import parts from '../parts.module.css';
import { POINTS } from '../session.ts';
import { useDriverTexts } from '../texts/use-texts.ts';
import { useChargeView } from '../use-driver.ts';
import styles from './charge.module.css';
import { type ChargeView, stepsOf } from './charge-view.ts';
import { Interrupted } from './interrupted.tsx';
import { NewTicket } from './new-ticket.tsx';
import { NothingNow } from './nothing-now.tsx';
import { Open } from './open-charge.tsx';
import { Pending, Refused } from './request-steps.tsx';
import { Stepper } from './stepper.tsx';

function Body({ view }: { view: ChargeView }) {
  switch (view.kind) {
    case 'PENDING':
      return <Pending view={view} />;
    case 'OPEN':
      return <Open view={view} />;
    case 'REFUSED':
      return <Refused view={view} />;
    case 'TICKET':
      return <NewTicket view={view} />;
    case 'INTERRUPTED':
      return <Interrupted view={view} />;
    case 'NONE':
      return <NothingNow view={view} />;
    default:
      return view satisfies never;
  }
}

function pointOf(view: ChargeView): string | undefined {
  if (view.kind === 'OPEN' || view.kind === 'INTERRUPTED') return view.supply.cpId;
  if (view.kind === 'TICKET') return view.ticket.cpId;
  return view.kind === 'NONE' ? undefined : view.cpId;
}

function Where({ cpId }: { cpId: string }) {
  const point = useEntity<PointCard>(POINTS, 'points', cpId);
  return (
    <div className={styles.where}>
      <h2>{cpId}</h2>
      {point ? (
        <span className="muted">
          {point.address}, {point.city}
        </span>
      ) : null}
    </div>
  );
}

/** One place for a charge from the request to the ticket; a reload at any step shows the same. */
export function ChargePage() {
  const { t } = useDriverTexts();
  const view = useChargeView();
  if (!view) return <Empty>{t('common.loading')}</Empty>;
  if (view.kind === 'NONE') return <NothingNow view={view} />;
  const cpId = pointOf(view);
  return (
    <div className={parts.stack} data-testid="charge" data-view={view.kind}>
      <div className="no-print">
        <Stepper steps={stepsOf(view)} />
      </div>
      {view.kind === 'TICKET' ? (
        <Body view={view} />
      ) : (
        <Card>
          <div className={parts.stack}>
            {cpId ? <Where cpId={cpId} /> : null}
            <Body view={view} />
          </div>
        </Card>
      )}
    </div>
  );
}

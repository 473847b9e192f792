import { CircleX, PlugZap, ShieldAlert, Square } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useLocation } from 'wouter';
import type { PointCard, SupplyView } from '../../messages/entities.ts';
import { duration, roughAge } from '../shared/format.ts';
import { useFormats } from '../shared/i18n.ts';
import { useEntity, useServerNow } from '../shared/live/live-store.ts';
import { LATE_READING_MS } from '../shared/supply-figures.ts';
import { ActionButton } from '../shared/ui/action-button.tsx';
import { errorText, useRefusalText } from '../shared/ui/answer-text.ts';
import { ConfirmDialog } from '../shared/ui/confirm-dialog.tsx';
import { useBlockedReason } from '../shared/ui/freshness-bar.tsx';
import { Card, Empty, Figure } from '../shared/ui/parts.tsx';
import { say } from '../shared/ui/toasts.tsx';
import { markTicketRead, requestSupply, stopSupply } from './actions.ts';
import { type ChargeView, stepsOf } from './charge-view.ts';
import styles from './driver.module.css';
import { POINTS } from './session.ts';
import { Stepper } from './stepper.tsx';
import { useDriverTexts } from './texts/use-texts.ts';
import { TicketCard } from './ticket-card.tsx';
import { dismissRefusal, useChargeView, useMe } from './use-driver.ts';

type ViewOf<Kind extends ChargeView['kind']> = Extract<ChargeView, { kind: Kind }>;

/** A call whose failure is said aloud; its success comes by the stream. */
function useCall(): { isBusy: boolean; run(call: () => ReturnType<typeof stopSupply>): Promise<void> } {
  const { t } = useDriverTexts();
  const [isBusy, setBusy] = useState(false);
  return {
    isBusy,
    async run(call) {
      setBusy(true);
      const answer = await call();
      setBusy(false);
      if (!answer.isOk) say('error', errorText(t, answer));
    },
  };
}

function Pending({ view }: { view: ViewOf<'PENDING'> }) {
  const { t } = useDriverTexts();
  const nowMs = useServerNow();
  return (
    <p role="status" data-testid="pending">
      {t('driver.asking', { id: view.cpId, t: roughAge(nowMs - view.sentAtMs) })}
    </p>
  );
}

function PlugIn({ supply }: { supply: SupplyView }) {
  const { t } = useDriverTexts();
  const nowMs = useServerNow();
  return (
    <div className={styles.plugIn}>
      <PlugZap size={48} aria-hidden="true" />
      <p className={styles.big}>{t('driver.plugIn')}</p>
      {supply.plugDeadlineAtMs ? (
        <p data-testid="plug-countdown">{t('driver.left', { t: duration(supply.plugDeadlineAtMs - nowMs) })}</p>
      ) : null}
    </div>
  );
}

function LiveFigures({ supply }: { supply: SupplyView }) {
  const { t } = useDriverTexts();
  const formats = useFormats();
  const me = useMe();
  const nowMs = useServerNow();
  const readingAgeMs = me?.readingAtMs ? nowMs - me.readingAtMs : undefined;
  const isLate = readingAgeMs !== undefined && readingAgeMs > LATE_READING_MS;
  return (
    <div className={styles.live} data-late={isLate}>
      <p className={styles.huge} data-testid="energy">
        {formats.energy(supply.energyWh)}
      </p>
      <p className={styles.huge} data-testid="amount">
        {formats.money(supply.amountCents)}
      </p>
      <dl className={styles.figures}>
        <Figure name={t('figure.power')} value={formats.power(supply.powerW)} testId="power" />
        <Figure
          name={t('figure.duration')}
          value={supply.pluggedAtMs ? duration(nowMs - supply.pluggedAtMs) : '–'}
          testId="duration"
        />
      </dl>
      <p className="muted">
        {t('ticket.tariff')} {formats.price(supply.priceE4PerKwh)}
      </p>
      {readingAgeMs === undefined ? <p className="muted">{t('figure.waiting')}</p> : null}
      {isLate ? <p className="muted">{t('figure.readingAge', { t: roughAge(readingAgeMs) })}</p> : null}
    </div>
  );
}

function StopButton({ supply }: { supply: SupplyView }) {
  const { t } = useDriverTexts();
  const blockedBy = useBlockedReason(POINTS);
  const call = useCall();
  const [isAsking, setAsking] = useState(false);
  const isPlugged = supply.pluggedAtMs !== undefined;
  const stop = () => void call.run(() => stopSupply(supply.supplyId));
  if (supply.state === 'ENDING') return <p role="status">{t('driver.closing')}</p>;
  return (
    <>
      <ActionButton
        variant={isPlugged ? 'danger' : 'plain'}
        size="large"
        testId={isPlugged ? 'stop-supply' : 'cancel-supply'}
        isBusy={call.isBusy}
        blockedBy={blockedBy ? (isPlugged ? t('driver.stopAtPoint') : blockedBy) : undefined}
        showsReason
        onClick={() => (isPlugged ? setAsking(true) : stop())}
      >
        <Square size={18} aria-hidden="true" /> {isPlugged ? t('driver.stop') : t('driver.cancelRequest')}
      </ActionButton>
      {isAsking ? (
        <ConfirmDialog
          ask={{
            title: t('driver.stopTitle'),
            body: t('driver.stopBody'),
            verb: t('driver.stop'),
            isDanger: true,
            onConfirm: stop,
          }}
          onClose={() => setAsking(false)}
        />
      ) : null}
    </>
  );
}

function Notice({ children, testId }: { children: ReactNode; testId: string }) {
  return (
    <p className={styles.notice} role="alert" data-testid={testId}>
      <ShieldAlert size={20} aria-hidden="true" />
      <span>{children}</span>
    </p>
  );
}

function Open({ view }: { view: ViewOf<'OPEN'> }) {
  const { t } = useDriverTexts();
  const { supply } = view;
  const point = useEntity<PointCard>(POINTS, 'points', supply.cpId);
  const blockedBy = useBlockedReason(POINTS);
  return (
    <>
      {point?.state === 'DISCONNECTED' ? <Notice testId="no-supervision">{t('driver.noSupervision')}</Notice> : null}
      {blockedBy && supply.pluggedAtMs ? <Notice testId="keeps-running">{t('driver.keepsRunning')}</Notice> : null}
      {supply.state === 'REQUESTED' ? <p role="status">{t('driver.askingPoint')}</p> : null}
      {supply.state === 'PREPARING' ? <PlugIn supply={supply} /> : null}
      {supply.pluggedAtMs ? <LiveFigures supply={supply} /> : null}
      <StopButton supply={supply} />
    </>
  );
}

function Interrupted({ view }: { view: ViewOf<'INTERRUPTED'> }) {
  const { t } = useDriverTexts();
  const formats = useFormats();
  return (
    <div data-testid="interrupted" className={styles.stack}>
      <Notice testId="interrupted-notice">{t('driver.interrupted')}</Notice>
      <dl className={styles.figures}>
        <Figure name={t('figure.energy')} value={formats.energy(view.supply.energyWh)} />
        <Figure name={t('figure.amount')} value={formats.money(view.supply.amountCents)} />
      </dl>
      <p className="muted">{t('driver.provisional')}</p>
    </div>
  );
}

function Refused({ view }: { view: ViewOf<'REFUSED'> }) {
  const { t } = useDriverTexts();
  const refusalText = useRefusalText();
  const [, navigate] = useLocation();
  const blockedBy = useBlockedReason(POINTS);
  const call = useCall();
  const { cpId } = view;
  return (
    <div role="alert" className={styles.refused} data-testid="refused">
      <p className={styles.big}>
        <CircleX size={28} aria-hidden="true" /> {refusalText(view.refusal)}
      </p>
      <div className={styles.row}>
        {cpId ? (
          <ActionButton
            testId="retry-request"
            isBusy={call.isBusy}
            blockedBy={blockedBy}
            onClick={() => void call.run(() => requestSupply(cpId))}
          >
            {t('common.retry')}
          </ActionButton>
        ) : null}
        <ActionButton
          variant="primary"
          testId="see-others"
          onClick={() => {
            dismissRefusal(view.atMs);
            navigate('/');
          }}
        >
          {t('driver.seeOthers')}
        </ActionButton>
      </div>
    </div>
  );
}

function NewTicket({ view }: { view: ViewOf<'TICKET'> }) {
  const { t } = useDriverTexts();
  const call = useCall();
  return (
    <div className={styles.stack}>
      {view.unreadCount > 1 ? (
        <p className="muted no-print">{t('driver.unread', { count: view.unreadCount })}</p>
      ) : null}
      <TicketCard ticket={view.ticket} />
      <div className={`${styles.stack} no-print`}>
        <ActionButton testId="print-ticket" onClick={() => window.print()}>
          {t('common.print')}
        </ActionButton>
        <ActionButton
          variant="primary"
          size="large"
          testId="ticket-ok"
          isBusy={call.isBusy}
          onClick={() => void call.run(() => markTicketRead(view.ticket.ticketNumber))}
        >
          {t('common.gotIt')}
        </ActionButton>
      </div>
    </div>
  );
}

function Nothing({ view }: { view: ViewOf<'NONE'> }) {
  const { t } = useDriverTexts();
  const [, navigate] = useLocation();
  return (
    <>
      <Empty testId="no-charge">
        <p>{t('driver.noCharge')}</p>
        <ActionButton variant="primary" onClick={() => navigate('/')}>
          {t('driver.findPoint')}
        </ActionButton>
      </Empty>
      {view.lastTicket ? (
        <section className={styles.stack} aria-label={t('driver.lastTicket')}>
          <h2>{t('driver.lastTicket')}</h2>
          <TicketCard ticket={view.lastTicket} />
        </section>
      ) : null}
    </>
  );
}

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
      return <Nothing view={view} />;
    default:
      return view satisfies never;
  }
}

function pointOf(view: ChargeView): string | undefined {
  if (view.kind === 'OPEN' || view.kind === 'INTERRUPTED') return view.supply.cpId;
  if (view.kind === 'TICKET') return view.ticket.cpId;
  return view.kind === 'NONE' ? undefined : view.cpId;
}

/** One place for a charge from the request to the ticket. */
export function ChargePage() {
  const { t } = useDriverTexts();
  const view = useChargeView();
  const cpId = view ? pointOf(view) : undefined;
  const point = useEntity<PointCard>(POINTS, 'points', cpId ?? '');
  if (!view) return <Empty>{t('common.loading')}</Empty>;
  if (view.kind === 'NONE') return <Nothing view={view} />;
  const isTicket = view.kind === 'TICKET';
  return (
    <div className={styles.stack} data-testid="charge" data-view={view.kind}>
      <div className="no-print">
        <Stepper steps={stepsOf(view)} />
      </div>
      {isTicket ? (
        <Body view={view} />
      ) : (
        <Card>
          <div className={styles.stack}>
            {cpId ? (
              <h2>
                {cpId} {point ? <span className="muted">· {point.address}</span> : null}
              </h2>
            ) : null}
            <Body view={view} />
          </div>
        </Card>
      )}
    </div>
  );
}

import { ChevronRight, History, ListChecks, type LucideIcon, Menu, PlugZap, Receipt, Zap } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { isBatchOver } from '../../domain/batch.ts';
import { useFormats } from '../shared/i18n.ts';
import styles from './app.module.css';
import { batchCounts } from './batch/batch-summary.ts';
import { useNewMessages } from './more/use-messages.ts';
import { useDriverTexts } from './texts/use-texts.ts';
import { useBatches, useChargeView } from './use-driver.ts';

function Tab(props: { path: string; label: string; Icon: LucideIcon; badge?: number }) {
  const [path] = useLocation();
  const isHere = props.path === '/' ? path === '/' : path.startsWith(props.path);
  return (
    <Link
      href={props.path}
      className={styles.tab}
      aria-current={isHere ? 'page' : undefined}
      data-testid={`tab-${props.path}`}
    >
      <props.Icon size={22} aria-hidden="true" />
      {props.label}
      {props.badge ? <span className={styles.badge}>{props.badge}</span> : null}
    </Link>
  );
}

function Bar({ href, Icon, children }: { href: string; Icon: LucideIcon; children: ReactNode }) {
  return (
    <Link href={href} className={styles.miniBar} data-testid="mini-bar">
      <Icon size={18} aria-hidden="true" />
      <span>{children}</span>
      <ChevronRight size={18} aria-hidden="true" />
    </Link>
  );
}

/** On every other screen: the charge that runs, the ticket that waits, or the batch between two charges. */
function MiniBar() {
  const { t } = useDriverTexts();
  const formats = useFormats();
  const [path] = useLocation();
  const view = useChargeView();
  const batch = useBatches().find((one) => !isBatchOver(one));
  const isAtCharge = path.startsWith('/recarga');
  if (view?.kind === 'OPEN' && !isAtCharge) {
    const { cpId, powerW, energyWh, amountCents, state } = view.supply;
    return (
      <Bar href="/recarga" Icon={Zap}>
        <strong>{cpId}</strong> ·{' '}
        {state === 'CHARGING'
          ? `${formats.power(powerW)} · ${formats.energy(energyWh)} · ${formats.money(amountCents)}`
          : t(`phase.${state as 'PREPARING'}`)}
      </Bar>
    );
  }
  if (batch && path !== '/mas/lote' && view?.kind !== 'OPEN') {
    const { over, total } = batchCounts(batch.lines);
    return (
      <Bar href="/mas/lote" Icon={ListChecks}>
        <strong>{t('batch.short')}</strong> · {t('batch.progress', { a: over, b: total })}
      </Bar>
    );
  }
  if (view?.kind === 'TICKET' && !isAtCharge)
    return (
      <Bar href="/recarga" Icon={Receipt}>
        {t('ticket.heading', { n: view.ticket.ticketNumber })} · {formats.money(view.ticket.amountCents)}
      </Bar>
    );
  return null;
}

export function Tabs() {
  const { t } = useDriverTexts();
  const view = useChargeView();
  const fresh = useNewMessages();
  return (
    <nav className={`${styles.foot} no-print`} aria-label={t('driver.sections')}>
      <MiniBar />
      <div className={styles.tabs}>
        <Tab path="/" label={t('driver.tab.points')} Icon={PlugZap} />
        <Tab
          path="/recarga"
          label={t('driver.tab.charge')}
          Icon={Zap}
          badge={view?.kind === 'TICKET' ? view.unreadCount : 0}
        />
        <Tab path="/historial" label={t('driver.tab.history')} Icon={History} />
        <Tab path="/mas" label={t('driver.tab.more')} Icon={Menu} badge={fresh} />
      </div>
    </nav>
  );
}

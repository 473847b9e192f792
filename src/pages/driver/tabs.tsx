import { ChevronRight, History, type LucideIcon, Menu, PlugZap, Receipt, Zap } from 'lucide-react';
import { Link, useLocation } from 'wouter';
import { useFormats } from '../shared/i18n.ts';
import styles from './driver.module.css';
import { useDriverTexts } from './texts/use-texts.ts';
import { useChargeView } from './use-driver.ts';

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
      {props.badge ? <span className={styles.tabBadge}>{props.badge}</span> : null}
    </Link>
  );
}

/** On every other screen: the charge that runs, or the ticket that waits. */
function MiniBar() {
  const { t } = useDriverTexts();
  const formats = useFormats();
  const [path] = useLocation();
  const view = useChargeView();
  if (!view || path.startsWith('/recarga')) return null;
  if (view.kind === 'OPEN')
    return (
      <Link href="/recarga" className={styles.miniBar} data-testid="mini-bar">
        <Zap size={18} aria-hidden="true" />
        <strong>{view.supply.cpId}</strong> {formats.power(view.supply.powerW)} · {formats.energy(view.supply.energyWh)}{' '}
        · {formats.money(view.supply.amountCents)}
        <ChevronRight size={18} aria-hidden="true" />
      </Link>
    );
  if (view.kind === 'TICKET')
    return (
      <Link href="/recarga" className={styles.miniBar} data-testid="mini-bar">
        <Receipt size={18} aria-hidden="true" />
        {t('ticket.heading', { n: view.ticket.ticketNumber })} · {formats.money(view.ticket.amountCents)}
        <ChevronRight size={18} aria-hidden="true" />
      </Link>
    );
  return null;
}

export function Tabs() {
  const { t } = useDriverTexts();
  const view = useChargeView();
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
        <Tab path="/mas" label={t('driver.tab.more')} Icon={Menu} />
      </div>
    </nav>
  );
}

import type { OpenSupplyState } from '../../domain/vocabulary.ts';
import type { EngineView } from '../../messages/live-stream.ts';
import { useFormats } from '../shared/i18n.ts';
import { useEntity, useHasFeed, useUpstream } from '../shared/live/live-store.ts';
import { STATE_ICONS } from '../shared/state-look.ts';
import { FreshnessBar, useIsStale } from '../shared/ui/freshness-bar.tsx';
import { Empty, Skeletons } from '../shared/ui/parts.tsx';
import { ENGINE } from './actions.ts';
import { ActivityLog } from './activity-log.tsx';
import { EngineBody } from './engine-body.tsx';
import { EngineButtons } from './engine-buttons.tsx';
import { bandState, type Situation, situationOf } from './engine-situation.ts';
import { LastTicket } from './last-ticket.tsx';
import styles from './point.module.css';
import { usePointTexts } from './texts/use-texts.ts';

/** What is wrong behind this page, worst first. */
function useLostText(view: EngineView | undefined): string | null {
  const { t } = usePointTexts();
  const upstream = useUpstream(ENGINE);
  if (upstream?.isEngineReachable === false) return t('point.engineStopped');
  if (view && !view.isMonitorPresent) return t('point.noMonitor');
  if (view && !view.isCentralReachable) return t('conn.centralLost');
  return null;
}

/** A busy point says what it waits for. */
const PHASE_WORDS: Partial<Record<Situation, OpenSupplyState>> = {
  ASKING: 'REQUESTED',
  PLUG: 'PREPARING',
  CLOSING: 'ENDING',
};

function Band({ view }: { view: EngineView }) {
  const { t } = usePointTexts();
  const formats = useFormats();
  const state = bandState(view);
  const Icon = STATE_ICONS[state];
  const situation = situationOf(view);
  const word =
    state === 'CHARGING' && situation === 'CHARGING'
      ? t('state.panel.CHARGING')
      : state === 'CHARGING' && situation !== 'IDLE'
        ? t(`phase.${PHASE_WORDS[situation] ?? 'CHARGING'}`)
        : t(`state.driver.${state}`);
  return (
    <section className={styles.band} data-state={state} data-testid="band" aria-label={t('point.state')}>
      <Icon size={64} aria-hidden="true" />
      <p className={styles.bandState} data-testid="band-state">
        {word}
      </p>
      <dl className={styles.bandFacts}>
        <dt className="visually-hidden">{t('ticket.point')}</dt>
        <dd>
          <strong>{view.cpId ?? '–'}</strong>
        </dd>
        <dt className="visually-hidden">{t('ticket.address')}</dt>
        <dd>
          {view.address ? `${view.address}, ${view.city ?? ''}` : ''} {view.zone}
        </dd>
        <dt className="visually-hidden">{t('figure.price')}</dt>
        <dd>
          {view.priceE4PerKwh === undefined ? '' : formats.price(view.priceE4PerKwh)}
          {view.maxPowerW === undefined ? '' : ` · ${formats.power(view.maxPowerW)}`}
        </dd>
      </dl>
    </section>
  );
}

function Technical({ view }: { view: EngineView }) {
  const { t } = usePointTexts();
  const mark = (isGood: boolean) => (isGood ? t('common.yes') : t('common.no'));
  return (
    <details className={`${styles.technical} no-print`} data-testid="technical">
      <summary>{t('point.technical')}</summary>
      <dl className={styles.facts}>
        <dt>{t('point.fact.monitor')}</dt>
        <dd>{mark(view.isMonitorPresent)}</dd>
        <dt>{t('point.fact.central')}</dt>
        <dd>{mark(view.isCentralReachable)}</dd>
        <dt>{t('point.fact.channel')}</dt>
        <dd>{mark(view.isChannelUp)}</dd>
        <dt>{t('point.fact.key')}</dt>
        <dd>{view.keyId ? <code>{view.keyId}</code> : mark(view.hasKey)}</dd>
        <dt>{t('point.fact.journal')}</dt>
        <dd>{mark(view.isJournalWritable)}</dd>
        <dt>{t('point.fact.unacknowledged')}</dt>
        <dd data-testid="unacknowledged">{view.unacknowledgedCount}</dd>
      </dl>
      <ActivityLog lines={view.log} />
    </details>
  );
}

/** The screen at the point: what it is doing, what a hand can do now, and the last ticket. */
export function EngineScreen() {
  const { t } = usePointTexts();
  const view = useEntity<EngineView>(ENGINE, 'engine', 'engine');
  const hasFeed = useHasFeed(ENGINE);
  const lostText = useLostText(view);
  const upstream = useUpstream(ENGINE);
  const isStale = useIsStale(ENGINE, upstream?.isEngineReachable !== false);
  return (
    <>
      <FreshnessBar feed={ENGINE} lostText={lostText} />
      <main id="content" className={styles.engine} data-stale={isStale} tabIndex={-1}>
        {view ? (
          <>
            <Band view={view} />
            <EngineBody view={view} />
            <EngineButtons view={view} />
            {view.unacknowledgedCount > 0 ? (
              <p className={styles.pendingTickets} role="status" data-testid="pending-tickets">
                {t('point.pendingTickets', { count: view.unacknowledgedCount })}
              </p>
            ) : null}
            <LastTicket view={view} />
            <Technical view={view} />
          </>
        ) : hasFeed ? (
          <Empty>{t('point.engineNever')}</Empty>
        ) : (
          <Skeletons count={2} />
        )}
      </main>
    </>
  );
}

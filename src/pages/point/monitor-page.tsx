import { CircleCheck, CircleX } from 'lucide-react';
import type { ReactNode } from 'react';
import type { MonitorView } from '../../messages/live-stream.ts';
import { duration, roughAge } from '../shared/format.ts';
import { useFormats } from '../shared/i18n.ts';
import { useEntity, useHasFeed, useServerNow, useUpstream } from '../shared/live/live-store.ts';
import { useFaultText } from '../shared/ui/fault-text.ts';
import { FreshnessBar, useIsStale } from '../shared/ui/freshness-bar.tsx';
import { Card, Empty, Skeletons } from '../shared/ui/parts.tsx';
import { StateBadge } from '../shared/ui/state-badge.tsx';
import { MONITOR } from './actions.ts';
import { ActivityLog } from './activity-log.tsx';
import { MonitorActions } from './monitor-actions.tsx';
import styles from './point.module.css';
import { usePointTexts } from './texts/use-texts.ts';

function Row({ name, children, testId }: { name: string; children: ReactNode; testId?: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd data-testid={testId}>{children}</dd>
    </>
  );
}

function Mark({ isGood, children }: { isGood: boolean; children: ReactNode }) {
  const Icon = isGood ? CircleCheck : CircleX;
  return (
    <span className={styles.mark} data-good={isGood}>
      <Icon size={18} aria-hidden="true" /> {children}
    </span>
  );
}

/** The last minute of health questions, oldest first: height and colour tell each answer. */
function HealthStrip({ strip }: { strip: MonitorView['engine']['strip'] }) {
  const { t } = usePointTexts();
  const good = strip.filter((cell) => cell === 'OK').length;
  const cells = strip.map((cell, place) => ({ cell, place }));
  return (
    <svg
      className={styles.strip}
      viewBox="0 0 600 24"
      preserveAspectRatio="none"
      role="img"
      aria-label={t('point.strip', { good, all: strip.length })}
      data-testid="strip"
    >
      {cells.map(({ cell, place }) => (
        <rect
          key={place}
          x={(60 - strip.length + place) * 10}
          y={cell === 'OK' ? 0 : cell === 'KO' ? 8 : 16}
          width={8}
          height={cell === 'OK' ? 24 : cell === 'KO' ? 16 : 8}
          data-cell={cell}
        />
      ))}
    </svg>
  );
}

function EngineCard({ view }: { view: MonitorView }) {
  const { t } = usePointTexts();
  const formats = useFormats();
  const faultText = useFaultText();
  const { engine } = view;
  return (
    <Card testId="engine-card" label="Engine">
      <h2 className={styles.cardTitle}>{t('point.engineHealth')}</h2>
      <HealthStrip strip={engine.strip} />
      <dl className={styles.facts}>
        <Row name="Engine" testId="engine-health">
          <Mark isGood={engine.isOk}>{engine.isOk ? 'OK' : faultText(engine.code)}</Mark>
        </Row>
        <Row name={t('point.fact.channel')}>
          <Mark isGood={engine.isChannelUp}>{engine.isChannelUp ? t('common.yes') : t('common.no')}</Mark>
        </Row>
        <Row name={t('point.latency')}>
          {engine.latencyMs === undefined ? '–' : `${formats.number(Math.round(engine.latencyMs))} ms`}
        </Row>
        <Row name={t('point.missed')}>{engine.missedInARow}</Row>
        {engine.koSinceMs ? (
          <Row name={t('point.koTold')} testId="ko-since">
            {formats.time(engine.koSinceMs)}
          </Row>
        ) : null}
      </dl>
    </Card>
  );
}

function CentralCard({ view }: { view: MonitorView }) {
  const { t } = usePointTexts();
  const nowMs = useServerNow();
  const { central } = view;
  return (
    <Card testId="central-card" label="Central">
      <h2 className={styles.cardTitle}>Central</h2>
      <dl className={styles.facts}>
        <Row name={t('point.connection')} testId="central-link">
          <Mark isGood={central.isConnected}>
            {central.isConnected ? t('point.connected') : t('point.notConnected')}
          </Mark>
        </Row>
        {central.address ? (
          <Row name={t('ticket.address')}>
            <code>{central.address}</code>
          </Row>
        ) : null}
        <Row name={t('point.lastSign')}>
          {central.lastSeenAtMs ? t('common.ago', { t: roughAge(nowMs - central.lastSeenAtMs) }) : t('common.never')}
        </Row>
        {central.refusal ? (
          <Row name={t('point.refused')} testId="central-refusal">
            <code>{central.refusal}</code>
          </Row>
        ) : null}
        {central.retryAtMs && !central.isConnected ? (
          <Row name={t('common.retry')}>{t('point.inTime', { t: duration(central.retryAtMs - nowMs) })}</Row>
        ) : null}
      </dl>
    </Card>
  );
}

function KeyCard({ view }: { view: MonitorView }) {
  const { t } = usePointTexts();
  const formats = useFormats();
  const { key } = view;
  const keyState = key.isRevoked ? 'REVOKED' : key.keyId ? (key.isInstalled ? 'INSTALLED' : 'RECEIVED') : 'NONE';
  return (
    <Card testId="key-card" label={t('point.credentials')}>
      <h2 className={styles.cardTitle}>{t('point.credentials')}</h2>
      <dl className={styles.facts}>
        <Row name="Registry" testId="registered">
          <Mark isGood={view.isRegistered}>
            {view.isRegistered
              ? t('point.registeredAt', { when: view.registeredAtMs ? formats.dateTime(view.registeredAtMs) : '' })
              : t('point.notRegistered')}
          </Mark>
        </Row>
        <Row name={t('point.key')} testId="key-state">
          <Mark isGood={keyState === 'INSTALLED'}>{t(`point.keyState.${keyState}`)}</Mark>
        </Row>
        {key.keyId ? (
          <Row name={t('point.keyId')}>
            <code>{key.keyId}</code>
          </Row>
        ) : null}
        {key.issuedAtMs ? <Row name={t('point.issued')}>{formats.dateTime(key.issuedAtMs)}</Row> : null}
      </dl>
      <MonitorActions view={view} />
    </Card>
  );
}

function useLostText(view: MonitorView | undefined): string | null {
  const { t } = usePointTexts();
  const upstream = useUpstream(MONITOR);
  if (upstream?.isMonitorReachable === false) return t('point.monitorStopped');
  return view && !view.central.isConnected ? t('conn.centralLost') : null;
}

/** The Monitor: health of the engine, link to Central, key, and the installer's actions. */
export function MonitorPage() {
  const { t } = usePointTexts();
  const view = useEntity<MonitorView>(MONITOR, 'monitor', 'monitor');
  const hasFeed = useHasFeed(MONITOR);
  const upstream = useUpstream(MONITOR);
  const isStale = useIsStale(MONITOR, upstream?.isMonitorReachable !== false);
  const lostText = useLostText(view);
  return (
    <>
      <FreshnessBar feed={MONITOR} lostText={lostText} />
      <main id="content" className={styles.monitor} data-stale={isStale} tabIndex={-1}>
        {view ? (
          <>
            <p className={styles.resulting}>
              {t('point.resulting')} <StateBadge state={view.state} audience="panel" />
              {view.holds.map((hold) => (
                <span key={hold}>{t(`reason.${hold}`)}</span>
              ))}
            </p>
            <div className={styles.cards}>
              <EngineCard view={view} />
              <CentralCard view={view} />
              <KeyCard view={view} />
            </div>
            <Card>
              <ActivityLog lines={view.log} />
            </Card>
          </>
        ) : hasFeed ? (
          <Empty>{t('error.code.MONITOR_UNREACHABLE')}</Empty>
        ) : (
          <Skeletons count={3} />
        )}
      </main>
    </>
  );
}

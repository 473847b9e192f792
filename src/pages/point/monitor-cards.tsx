import { CircleCheck, CircleX } from 'lucide-react';
import type { ReactNode } from 'react';
import type { MonitorView } from '../../messages/live-stream.ts';
import { duration, roughAge } from '../shared/format.ts';
import { useFormats } from '../shared/i18n.ts';
import { useServerNow } from '../shared/live/live-store.ts';
import { useCodeText } from '../shared/ui/code-text.ts';
import { Fact, Facts } from '../shared/ui/facts.tsx';
import { useFaultText } from '../shared/ui/fault-text.ts';
import { Card } from '../shared/ui/parts.tsx';
import { HealthStrip } from './health-strip.tsx';
import { keyFingerprint } from './key-fingerprint.ts';
import styles from './monitor.module.css';
import { usePointTexts } from './texts/use-texts.ts';

function Mark({ isGood, children }: { isGood: boolean; children: ReactNode }) {
  const Icon = isGood ? CircleCheck : CircleX;
  return (
    <span className={styles.mark} data-good={isGood}>
      <Icon size={18} aria-hidden="true" /> {children}
    </span>
  );
}

/** Health of the engine: the last minute, latencies, and since when KO is told. */
export function EngineCard({ view }: { view: MonitorView }) {
  const { t } = usePointTexts();
  const formats = useFormats();
  const faultText = useFaultText();
  const { engine } = view;
  const ms = (latencyMs: number | undefined) =>
    latencyMs === undefined ? '–' : `${formats.number(Math.round(latencyMs * 10) / 10)} ms`;
  return (
    <Card testId="engine-card" label="Engine">
      <h2 className={styles.cardTitle}>{t('point.engineHealth')}</h2>
      <HealthStrip strip={engine.strip} />
      <Facts>
        <Fact name="Engine" testId="engine-health">
          <Mark isGood={engine.isOk}>{engine.isOk ? 'OK' : faultText(engine.code)}</Mark>
        </Fact>
        <Fact name={t('point.fact.channel')}>
          <Mark isGood={engine.isChannelUp}>{engine.isChannelUp ? t('common.yes') : t('common.no')}</Mark>
        </Fact>
        <Fact name={t('point.latency')} testId="latency">
          {t('point.latencies', {
            last: ms(engine.latencyMs),
            average: ms(engine.latencyAverageMs),
            max: ms(engine.latencyMaxMs),
          })}
        </Fact>
        <Fact name={t('point.missed')}>{engine.missedInARow}</Fact>
        {engine.koSinceMs ? (
          <Fact name={t('point.koTold')} testId="ko-since">
            {formats.time(engine.koSinceMs)}
          </Fact>
        ) : null}
      </Facts>
    </Card>
  );
}

/** The link to Central: is it there, when did it last speak, what did it refuse. */
export function CentralCard({ view }: { view: MonitorView }) {
  const { t } = usePointTexts();
  const codeText = useCodeText();
  const nowMs = useServerNow();
  const { central } = view;
  return (
    <Card testId="central-card" label="Central">
      <h2 className={styles.cardTitle}>Central</h2>
      <Facts>
        <Fact name={t('point.connection')} testId="central-link">
          <Mark isGood={central.isConnected}>
            {central.isConnected ? t('point.connected') : t('point.notConnected')}
          </Mark>
        </Fact>
        {central.address ? (
          <Fact name={t('point.socket')}>
            <code>{central.address}</code>
          </Fact>
        ) : null}
        <Fact name={t('point.lastSign')}>
          {central.lastSeenAtMs ? t('common.ago', { t: roughAge(nowMs - central.lastSeenAtMs) }) : t('common.never')}
        </Fact>
        {central.refusal ? (
          <Fact name={t('point.refused')} testId="central-refusal">
            {codeText('point.refusal', central.refusal, {})}
          </Fact>
        ) : null}
        {central.retryAtMs && !central.isConnected ? (
          <Fact name={t('common.retry')}>{t('point.inTime', { t: duration(central.retryAtMs - nowMs) })}</Fact>
        ) : null}
      </Facts>
    </Card>
  );
}

/** How the point stands with Registry, and the key that it holds; never a secret. */
export function KeyCard({ view, children }: { view: MonitorView; children: ReactNode }) {
  const { t } = usePointTexts();
  const formats = useFormats();
  const codeText = useCodeText();
  const nowMs = useServerNow();
  const { key, registryCall } = view;
  const keyState = key.isRevoked ? 'REVOKED' : key.keyId ? (key.isInstalled ? 'INSTALLED' : 'RECEIVED') : 'NONE';
  return (
    <Card testId="key-card" label={t('point.credentials')}>
      <h2 className={styles.cardTitle}>{t('point.credentials')}</h2>
      <Facts>
        <Fact name="Registry" testId="registered">
          <Mark isGood={view.isRegistered}>
            {view.isRegistered
              ? t('point.registeredAt', { when: view.registeredAtMs ? formats.dateTime(view.registeredAtMs) : '' })
              : t('point.notRegistered')}
          </Mark>
        </Fact>
        {view.isRegistered ? <Fact name={t('point.secret')}>{t('point.secretStored')}</Fact> : null}
        {registryCall ? (
          <Fact name={t('point.lastCall')} testId="registry-call">
            {t('common.ago', { t: roughAge(nowMs - registryCall.atMs) })}
            {' · '}
            {registryCall.code === undefined ? 'OK' : codeText('error.code', registryCall.code, {})}
          </Fact>
        ) : null}
        <Fact name={t('point.key')} testId="key-state">
          <Mark isGood={keyState === 'INSTALLED'}>{t(`point.keyState.${keyState}`)}</Mark>
        </Fact>
        {key.keyId ? (
          <Fact name={t('point.fingerprint')} testId="key-fingerprint">
            <code>{keyFingerprint(key.keyId)}</code>
          </Fact>
        ) : null}
        {key.issuedAtMs ? (
          <Fact name={t('point.issued')}>
            <time title={formats.dateTime(key.issuedAtMs)}>
              {t('common.ago', { t: roughAge(nowMs - key.issuedAtMs) })}
            </time>
          </Fact>
        ) : null}
      </Facts>
      {children}
    </Card>
  );
}

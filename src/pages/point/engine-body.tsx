import { Clock, PlugZap } from 'lucide-react';
import type { EngineView, MonitorView } from '../../messages/live-stream.ts';
import { ChargeCurve } from '../shared/charts/charge-curve.tsx';
import { duration } from '../shared/format.ts';
import { useFormats } from '../shared/i18n.ts';
import { useEntity, useServerNow } from '../shared/live/live-store.ts';
import { useRefusalText } from '../shared/ui/answer-text.ts';
import { useFaultText } from '../shared/ui/fault-text.ts';
import { Figure } from '../shared/ui/parts.tsx';
import { MONITOR } from './actions.ts';
import styles from './engine.module.css';
import { aftermathOf, faultSinceMs, freshTicket, outReasons, type Situation, situationOf } from './engine-situation.ts';
import { usePointTexts } from './texts/use-texts.ts';
import { useTemperature } from './use-temperature.ts';

const REFUSAL_SHOWN_MS = 30_000;

type Props = { view: EngineView };

function Charging({ view }: Props) {
  const { t } = usePointTexts();
  const formats = useFormats();
  const nowMs = useServerNow();
  const { supply } = view;
  if (!supply) return null;
  const points = supply.curve ?? [];
  return (
    <div className={styles.charging}>
      <div className={styles.figures}>
        <dl>
          <Figure name={t('figure.power')} value={formats.power(supply.powerW)} testId="power" />
          <Figure name={t('figure.energy')} value={formats.energy(supply.energyWh)} testId="energy" />
          <Figure name={t('figure.amount')} value={formats.money(supply.amountCents)} testId="amount" />
          <Figure
            name={t('figure.duration')}
            value={supply.pluggedAtMs ? duration(nowMs - supply.pluggedAtMs) : '–'}
            testId="duration"
          />
        </dl>
        <p className={styles.who}>
          {t('ticket.driver')}: <strong data-testid="driver">{supply.driverId ?? t('common.anonymous')}</strong> ·{' '}
          {formats.price(supply.priceE4PerKwh)}
        </p>
      </div>
      <div className={styles.curve}>
        {points.length > 1 ? (
          <ChargeCurve points={points} {...(view.maxPowerW === undefined ? {} : { maxPowerW: view.maxPowerW })} />
        ) : (
          <p className="muted">{t('figure.waiting')}</p>
        )}
      </div>
    </div>
  );
}

function PlugIn({ view }: Props) {
  const { t } = usePointTexts();
  const nowMs = useServerNow();
  const deadline = view.supply?.plugDeadlineAtMs;
  return (
    <>
      <p className={styles.big}>
        <PlugZap size={48} aria-hidden="true" />{' '}
        {t('point.authorised', { who: view.supply?.driverId ?? t('common.anonymous') })}
      </p>
      {deadline ? (
        <p className={styles.big} data-testid="plug-countdown">
          <Clock size={32} aria-hidden="true" /> {t('point.left', { t: duration(deadline - nowMs) })}
        </p>
      ) : null}
    </>
  );
}

function Idle({ view }: Props) {
  const { t } = usePointTexts();
  const refusalText = useRefusalText();
  const nowMs = useServerNow();
  const { lastRefusal } = view;
  return (
    <>
      {freshTicket(view, nowMs) ? null : <p className={styles.big}>{t('point.startHere')}</p>}
      {lastRefusal && nowMs - lastRefusal.atMs < REFUSAL_SHOWN_MS ? (
        <p className={styles.refusal} role="alert" data-testid="refusal">
          {t('point.denied', { why: refusalText(lastRefusal.refusal) })}
        </p>
      ) : null}
    </>
  );
}

/** Every reason, none of which hides another (ux 2.1). */
function OutOfService({ view }: Props) {
  const { t } = usePointTexts();
  const reasons = outReasons(view);
  const temperature = useTemperature();
  const weather = temperature === undefined ? t('point.weather') : t('point.weatherAt', { t: temperature });
  const isKeyNamed = view.hasKey || reasons.includes('KEY_REVOKED');
  return (
    <>
      <ul className={styles.reasons} data-testid="out-reasons">
        {reasons.map((reason) => (
          <li key={reason}>{reason === 'WEATHER' ? weather : t(`reason.${reason}`)}</li>
        ))}
        {isKeyNamed ? null : <li>{t('point.noKey')}</li>}
      </ul>
      {reasons.includes('KEY_REVOKED') ? <p className={styles.next}>{t('point.noKey')}</p> : null}
    </>
  );
}

/** No Monitor, so nobody vouches for this point; what the Monitor's own half of this page knows of the cause. */
function Alone() {
  const { t } = usePointTexts();
  const monitor = useEntity<MonitorView>(MONITOR, 'monitor', 'monitor');
  return (
    <>
      <p className={styles.big}>{t('point.noMonitor')}</p>
      {monitor && !monitor.isRegistered ? <p className={styles.next}>{t('point.notRegistered')}</p> : null}
    </>
  );
}

function Faulted({ view }: Props) {
  const { t } = usePointTexts();
  const formats = useFormats();
  const faultText = useFaultText();
  const sinceMs = faultSinceMs(view);
  return (
    <p className={styles.big} data-testid="fault">
      {faultText(view.faultCode)}
      {sinceMs === undefined ? null : (
        <span className="muted">{t('point.since', { when: formats.time(sinceMs) })}</span>
      )}
    </p>
  );
}

function Aftermath({ view }: Props) {
  const { t } = usePointTexts();
  const formats = useFormats();
  const what = aftermathOf(view);
  if (!what) return null;
  const params = { energy: formats.energyDetail(what.energyWh), n: what.ticketNumber ?? '' };
  return (
    <p className={styles.next} role="status" data-testid="aftermath">
      {t(`point.aftermath.${what.kind}`, params)}
    </p>
  );
}

const BODIES: Record<Exclude<Situation, 'ASKING' | 'CLOSING' | 'NO_CENTRAL'>, (props: Props) => React.ReactNode> = {
  CHARGING: Charging,
  PLUG: PlugIn,
  IDLE: Idle,
  ALONE: Alone,
  FAULTED: Faulted,
  OUT: OutOfService,
};

/** What the screen says in each situation. */
export function EngineBody({ view }: Props) {
  const { t } = usePointTexts();
  const situation = situationOf(view);
  const Body =
    situation === 'ASKING' || situation === 'CLOSING' || situation === 'NO_CENTRAL' ? undefined : BODIES[situation];
  return (
    <section className={styles.body} data-testid="situation" data-situation={situation}>
      {Body ? <Body view={view} /> : null}
      {situation === 'ASKING' ? <p className={styles.big}>{t('point.askingCentral')}</p> : null}
      {situation === 'CLOSING' ? <p className={styles.big}>{t('phase.ENDING')}…</p> : null}
      {situation === 'NO_CENTRAL' ? <p className={styles.big}>{t('point.stoppedNoCentral')}</p> : null}
      <Aftermath view={view} />
    </section>
  );
}

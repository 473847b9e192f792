import { PlugZap } from 'lucide-react';
import type { EngineView } from '../../messages/live-stream.ts';
import { duration } from '../shared/format.ts';
import { useFormats } from '../shared/i18n.ts';
import { useServerNow } from '../shared/live/live-store.ts';
import { useRefusalText } from '../shared/ui/answer-text.ts';
import { useFaultText } from '../shared/ui/fault-text.ts';
import { Figure } from '../shared/ui/parts.tsx';
import { outReasons, situationOf } from './engine-situation.ts';
import styles from './point.module.css';
import { usePointTexts } from './texts/use-texts.ts';

const REFUSAL_SHOWN_MS = 30_000;

function Charging({ view }: { view: EngineView }) {
  const { t } = usePointTexts();
  const formats = useFormats();
  const nowMs = useServerNow();
  const { supply } = view;
  if (!supply) return null;
  return (
    <>
      <dl className={styles.figures}>
        <Figure name={t('figure.power')} value={formats.power(supply.powerW)} testId="power" />
        <Figure name={t('figure.energy')} value={formats.energy(supply.energyWh)} testId="energy" />
        <Figure name={t('figure.amount')} value={formats.money(supply.amountCents)} testId="amount" />
        <Figure
          name={t('figure.duration')}
          value={supply.pluggedAtMs ? duration(nowMs - supply.pluggedAtMs) : '–'}
          testId="duration"
        />
      </dl>
      <p className="muted">
        {t('ticket.driver')}: <strong data-testid="driver">{supply.driverId ?? t('common.anonymous')}</strong> ·{' '}
        {formats.price(supply.priceE4PerKwh)}
      </p>
    </>
  );
}

function PlugIn({ view }: { view: EngineView }) {
  const { t } = usePointTexts();
  const nowMs = useServerNow();
  const deadline = view.supply?.plugDeadlineAtMs;
  return (
    <>
      <p className={styles.big}>
        <PlugZap size={40} aria-hidden="true" />{' '}
        {t('point.authorised', { who: view.supply?.driverId ?? t('common.anonymous') })}
      </p>
      {deadline ? (
        <p className={styles.big} data-testid="plug-countdown">
          {t('point.left', { t: duration(deadline - nowMs) })}
        </p>
      ) : null}
    </>
  );
}

function Idle({ view }: { view: EngineView }) {
  const { t } = usePointTexts();
  const refusalText = useRefusalText();
  const nowMs = useServerNow();
  const { lastRefusal } = view;
  return (
    <>
      <p className={styles.big}>{t('point.startHere')}</p>
      {lastRefusal && nowMs - lastRefusal.atMs < REFUSAL_SHOWN_MS ? (
        <p className={styles.refusal} role="alert" data-testid="refusal">
          {t('point.denied', { why: refusalText(lastRefusal.refusal) })}
        </p>
      ) : null}
    </>
  );
}

/** What the screen says in each situation. */
export function EngineBody({ view }: { view: EngineView }) {
  const { t } = usePointTexts();
  const faultText = useFaultText();
  const situation = situationOf(view);
  return (
    <section className={styles.body} data-testid="situation" data-situation={situation}>
      {situation === 'CHARGING' ? <Charging view={view} /> : null}
      {situation === 'PLUG' ? <PlugIn view={view} /> : null}
      {situation === 'ASKING' ? <p className={styles.big}>{t('point.askingCentral')}</p> : null}
      {situation === 'CLOSING' ? <p className={styles.big}>{t('phase.ENDING')}…</p> : null}
      {situation === 'IDLE' ? <Idle view={view} /> : null}
      {situation === 'ALONE' ? <p className={styles.big}>{t('point.noMonitor')}</p> : null}
      {situation === 'FAULTED' ? <p className={styles.big}>{faultText(view.faultCode)}</p> : null}
      {situation === 'OUT' ? (
        <ul className={styles.big} data-testid="out-reasons">
          {outReasons(view).map((reason) => (
            <li key={reason}>{t(`reason.${reason}`)}</li>
          ))}
          {view.hasKey ? null : <li>{t('point.noKey')}</li>}
        </ul>
      ) : null}
    </section>
  );
}

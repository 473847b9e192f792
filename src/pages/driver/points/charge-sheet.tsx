import { Thermometer, Zap } from 'lucide-react';
import { useState } from 'react';
import { useLocation } from 'wouter';
import type { PointCard } from '../../../messages/entities.ts';
import { useFormats } from '../../shared/i18n.ts';
import { useEntity } from '../../shared/live/live-store.ts';
import { ActionButton } from '../../shared/ui/action-button.tsx';
import { errorText } from '../../shared/ui/answer-text.ts';
import { Dialog } from '../../shared/ui/dialog.tsx';
import { Figure } from '../../shared/ui/parts.tsx';
import { StateBadge } from '../../shared/ui/state-badge.tsx';
import { say } from '../../shared/ui/toasts.tsx';
import { requestSupply } from '../actions.ts';
import parts from '../parts.module.css';
import { POINTS } from '../session.ts';
import { useDriverTexts } from '../texts/use-texts.ts';
import { useTemperature } from './point-weather.ts';
import styles from './sheet.module.css';
import { useWhyNot } from './use-why-not.ts';

/** Price, power and temperature before anything is asked for, and what the weather may do to it; a tap asks (ux 3.2). */
export function ChargeSheet({ point, onClose }: { point: PointCard; onClose(): void }) {
  const { t } = useDriverTexts();
  const formats = useFormats();
  const whyNot = useWhyNot();
  const [, navigate] = useLocation();
  const [isBusy, setBusy] = useState(false);
  const live = useEntity<PointCard>(POINTS, 'points', point.cpId) ?? point;
  const temperature = useTemperature()(live);
  const nearAlert = live.weather?.nearAlert;
  const gone = live.state === 'AVAILABLE' ? undefined : t(`state.driver.${live.state}`);
  const ask = async () => {
    setBusy(true);
    const answer = await requestSupply(point.cpId);
    setBusy(false);
    if (!answer.isOk) return say('error', errorText(t, answer));
    onClose();
    navigate('/recarga');
  };
  return (
    <Dialog title={t('driver.chargeAt', { id: point.cpId })} onClose={onClose} testId="charge-dialog">
      <div className={styles.sheet}>
        <p className={styles.place}>
          <span>
            {live.address}, {live.city}
          </span>
          <StateBadge state={live.state} audience="driver" />
        </p>
        <dl className={parts.figures}>
          <Figure name={t('figure.price')} value={formats.price(live.priceE4PerKwh)} testId="sheet-price" />
          <Figure name={t('figure.maxPower')} value={formats.power(live.maxPowerW)} />
          {temperature === undefined ? null : (
            <Figure name={t('driver.temperature')} value={temperature} testId="sheet-temperature" />
          )}
        </dl>
        {nearAlert === undefined ? null : (
          <p className={parts.notice} role="status" data-testid="sheet-weather">
            <Thermometer size={22} aria-hidden="true" />
            <span>{t(`driver.nearAlert.${nearAlert}`)}</span>
          </p>
        )}
        <p className="muted">{t('driver.priceFixed')}</p>
        <ActionButton
          variant="primary"
          size="large"
          testId="request-supply"
          isBusy={isBusy}
          blockedBy={gone ?? whyNot}
          showsReason
          onClick={() => void ask()}
        >
          <Zap size={22} aria-hidden="true" /> {t('driver.request')}
        </ActionButton>
      </div>
    </Dialog>
  );
}

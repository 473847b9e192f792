import { CircleCheck, CircleHelp, ThermometerSnowflake, ThermometerSun, TriangleAlert } from 'lucide-react';
import type { WeatherFailure } from '../../../domain/weather-poll.ts';
import type { WeatherAlertType } from '../../../domain/weather-rule.ts';
import { useTexts } from '../i18n.ts';
import styles from './weather.module.css';

const ICONS = {
  LOW_TEMP: ThermometerSnowflake,
  HIGH_TEMP: ThermometerSun,
  CRITICAL_TEMP: TriangleAlert,
  NORMAL: CircleCheck,
  UNKNOWN: CircleHelp,
};

/** What the weather of a place means, in a word and a shape (ux 3.1): alert, normal, or no data. */
export function WeatherLevel(props: {
  alert: WeatherAlertType | undefined;
  failure: WeatherFailure | undefined;
  isKnown: boolean;
}) {
  const { t } = useTexts();
  const level = props.alert ?? (props.isKnown ? 'NORMAL' : 'UNKNOWN');
  const Icon = ICONS[level];
  const word = level === 'NORMAL' || level === 'UNKNOWN' ? t(`weatherText.${level}`) : t(`weatherAlert.${level}`);
  return (
    <span className={styles.level} data-level={level} data-testid="weather-level">
      <Icon size={16} aria-hidden="true" />
      <span>
        {word}
        {props.failure ? <small>{t(`weatherFailure.${props.failure}`)}</small> : null}
      </span>
    </span>
  );
}

/** Figures that nobody measured say so wherever they stand. */
export function SimulatedMark() {
  const { t } = useTexts();
  return (
    <small className={styles.simulated} data-testid="simulated">
      {t('weatherText.simulated')}
    </small>
  );
}

import { type KeyboardEvent, useRef, useState } from 'react';
import type { Utilisation } from '../../../messages/central-history-api.ts';
import { useFormats } from '../../shared/i18n.ts';
import { useCentralTexts } from '../texts/use-texts.ts';
import { ChartFrame } from './chart-frame.tsx';
import styles from './heat-map.module.css';
import { cellByKey, HEAT_STEPS, heatStep, weekHours } from './heat-map-data.ts';

const HOURS = Array.from({ length: 24 }, (_, hour) => hour);
const DAYS = Array.from({ length: 7 }, (_, day) => day);
const NAMED_EVERY = 3;
/** A table of which each cell can have the focus. */
const WALKED_BY_ARROWS = { role: 'grid' };

type Place = { day: number; hour: number };

const hourName = (hour: number) => `${String(hour).padStart(2, '0')}:00`;

/** A cell's figure as words; an hour in which a point charged now and then is not shown as none. */
function useAverageText(): (value: number) => string {
  const formats = useFormats();
  return (value) =>
    value > 0 && value < 0.05 ? `< ${formats.number(0.1)}` : formats.number(Math.round(value * 10) / 10);
}

function Cells(props: { days: number[][]; largest: number; active: Place; onActive(place: Place): void }) {
  const { t } = useCentralTexts();
  const formats = useFormats();
  const text = useAverageText();
  const ref = useRef<HTMLTableSectionElement>(null);
  const { days, largest, active, onActive } = props;
  const walk = (event: KeyboardEvent) => {
    const next = cellByKey(event.key, active);
    if (!next) return;
    event.preventDefault();
    onActive(next);
    ref.current?.querySelector<HTMLElement>(`[data-cell="${next.day}-${next.hour}"]`)?.focus();
  };
  return (
    <tbody ref={ref} onKeyDown={walk}>
      {days.map((hours, day) => (
        <tr key={DAYS[day]}>
          <th scope="row">{formats.weekday(day)}</th>
          {hours.map((value, hour) => {
            const isActive = active.day === day && active.hour === hour;
            const words = t('charts.heatCell', { day: formats.weekday(day), hour: hourName(hour), n: text(value) });
            return (
              <td key={HOURS[hour]}>
                <button
                  type="button"
                  tabIndex={isActive ? 0 : -1}
                  aria-label={words}
                  title={words}
                  data-cell={`${day}-${hour}`}
                  data-step={heatStep(value, largest)}
                  onFocus={() => onActive({ day, hour })}
                  onPointerEnter={() => onActive({ day, hour })}
                />
              </td>
            );
          })}
        </tr>
      ))}
    </tbody>
  );
}

function Scale({ largest, children }: { largest: number; children: string }) {
  const text = useAverageText();
  return (
    <p className={styles.scale}>
      <span aria-hidden="true">0</span>
      <span className={styles.steps} aria-hidden="true">
        {Array.from({ length: HEAT_STEPS }, (_, step) => step).map((step) => (
          <span key={step} data-step={step} />
        ))}
      </span>
      <span aria-hidden="true">{text(largest)}</span>
      <strong role="status">{children}</strong>
    </p>
  );
}

/** When the network is used: one colour, deeper for more points charging at once, by hour and day of the week (ux 5). */
export function HeatMap({ utilisation }: { utilisation: Utilisation }) {
  const { t } = useCentralTexts();
  const formats = useFormats();
  const text = useAverageText();
  const [active, setActive] = useState<Place>({ day: 0, hour: 12 });
  const days = weekHours(utilisation);
  const largest = Math.max(...days.flat());
  const title = t('charts.heat');
  const words = (place: Place) =>
    t('charts.heatCell', {
      day: formats.weekday(place.day),
      hour: hourName(place.hour),
      n: text(days[place.day]?.[place.hour] ?? 0),
    });
  return (
    <ChartFrame
      title={title}
      testId="chart-heat"
      empty={largest === 0 ? t('charts.noneYet') : undefined}
      note={t('charts.heatNote', { time: formats.time(utilisation.computedAtMs) })}
      table={{
        head: [t('charts.time'), ...DAYS.map((day) => formats.weekday(day))],
        rows: HOURS.map((hour) => [hourName(hour), ...DAYS.map((day) => text(days[day]?.[hour] ?? 0))]),
      }}
      csv={[
        ['weekday', 'hour', 'chargingSeconds', 'averagePointsCharging'],
        ...utilisation.chargingS.map((seconds, place) => [
          ...[Math.floor(place / 24) + 1, place % 24, seconds],
          (days[Math.floor(place / 24)]?.[place % 24] ?? 0).toFixed(3),
        ]),
      ]}
    >
      <div className={styles.map}>
        <table {...WALKED_BY_ARROWS} aria-label={title} className={styles.grid}>
          <thead>
            <tr>
              <td />
              {HOURS.map((hour) => (
                <th key={hour} scope="col">
                  <span aria-hidden="true">{hour % NAMED_EVERY === 0 ? hour : ''}</span>
                  <span className="visually-hidden">{hourName(hour)}</span>
                </th>
              ))}
            </tr>
          </thead>
          <Cells days={days} largest={largest} active={active} onActive={setActive} />
        </table>
        <Scale largest={largest}>{words(active)}</Scale>
      </div>
    </ChartFrame>
  );
}

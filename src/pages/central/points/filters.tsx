import { type ReactNode, useId, useMemo } from 'react';
import { OUT_OF_SERVICE_REASONS } from '../../../domain/vocabulary.ts';
import type { PanelPoint } from '../../../messages/live-stream.ts';
import { ActionButton } from '../../shared/ui/action-button.tsx';
import { useCentralTexts } from '../texts/use-texts.ts';
import styles from './filters.module.css';
import { FILTER_PARAMS, filterCount, KEY_STATES, PARAM, toggled } from './points-query.ts';
import type { QueryInAddress } from './use-points-query.ts';

type Choice = { value: string; label: string };

function Chips(props: {
  name: string;
  choices: readonly Choice[];
  chosen: readonly string[];
  onChange(next: string[]): void;
}) {
  return (
    <fieldset className={styles.group}>
      <legend>{props.name}</legend>
      <div className={styles.chips}>
        {props.choices.map(({ value, label }) => (
          <button
            key={value}
            type="button"
            aria-pressed={props.chosen.includes(value)}
            data-testid={`choose-${value}`}
            onClick={() => props.onChange(toggled(props.chosen, value))}
          >
            {label}
          </button>
        ))}
      </div>
    </fieldset>
  );
}

function Labelled({ name, children }: { name: string; children(id: string): ReactNode }) {
  const id = useId();
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{name}</label>
      {children(id)}
    </div>
  );
}

function FigureFilters({ address }: { address: QueryInAddress }) {
  const { t } = useCentralTexts();
  const { query, put } = address;
  return (
    <div className={styles.fields}>
      <Labelled name={t('points.filter.minPower')}>
        {(id) => (
          <input
            id={id}
            type="number"
            min="1"
            inputMode="numeric"
            data-testid="filter-min-power"
            value={query.minPowerW === undefined ? '' : query.minPowerW / 1_000}
            onChange={(event) => put({ [PARAM.minPowerW]: event.target.value })}
          />
        )}
      </Labelled>
      <Labelled name={t('points.filter.maxPrice')}>
        {(id) => (
          <input
            id={id}
            type="number"
            min="0.01"
            step="0.01"
            inputMode="decimal"
            data-testid="filter-max-price"
            value={query.maxPriceE4 === undefined ? '' : query.maxPriceE4 / 10_000}
            onChange={(event) => put({ [PARAM.maxPriceE4]: event.target.value })}
          />
        )}
      </Labelled>
      <Labelled name={t('points.column.key')}>
        {(id) => (
          <select
            id={id}
            data-testid="filter-key"
            value={query.keyState ?? ''}
            onChange={(event) => put({ [PARAM.keyState]: event.target.value })}
          >
            <option value="">{t('points.filter.any')}</option>
            {KEY_STATES.map((state) => (
              <option key={state} value={state}>
                {t(`central.key.${state}`)}
              </option>
            ))}
          </select>
        )}
      </Labelled>
      <label className={styles.tick}>
        <input
          type="checkbox"
          checked={query.isUnregistered}
          onChange={(event) => put({ [PARAM.isUnregistered]: event.target.checked ? '1' : undefined })}
        />
        {t('points.filter.unregistered')}
      </label>
    </div>
  );
}

/** Which zones and cities there are; looked for again only when points come or go. */
function usePlaces(points: readonly PanelPoint[]): { zones: Choice[]; cities: Choice[] } {
  const zonesText = [...new Set(points.map((point) => point.zone))].sort().join('\n');
  const citiesText = [...new Set(points.map((point) => point.city))].sort().join('\n');
  return useMemo(() => {
    const choices = (text: string) =>
      text
        .split('\n')
        .filter(Boolean)
        .map((value) => ({ value, label: value }));
    return { zones: choices(zonesText), cities: choices(citiesText) };
  }, [zonesText, citiesText]);
}

/** All filters that can be combined; each is in the address. */
export function Filters({ points, address }: { points: readonly PanelPoint[]; address: QueryInAddress }) {
  const { t } = useCentralTexts();
  const { query, put } = address;
  const { zones, cities } = usePlaces(points);
  return (
    <section id="point-filters" className={styles.filters} aria-label={t('points.filters')} data-testid="filter-panel">
      <Chips
        name={t('points.column.zone')}
        choices={zones}
        chosen={query.zones}
        onChange={(next) => put({ [PARAM.zones]: next.join(',') })}
      />
      <Chips
        name={t('points.column.detail')}
        choices={OUT_OF_SERVICE_REASONS.map((reason) => ({ value: reason, label: t(`reason.${reason}`) }))}
        chosen={query.reasons}
        onChange={(next) => put({ [PARAM.reasons]: next.join(',') })}
      />
      <div className={styles.fields}>
        <Labelled name={t('points.column.city')}>
          {(id) => (
            <select
              id={id}
              data-testid="filter-city"
              value={query.cities[0] ?? ''}
              onChange={(event) => put({ [PARAM.cities]: event.target.value })}
            >
              <option value="">{t('points.filter.any')}</option>
              {cities.map(({ value }) => (
                <option key={value} value={value}>
                  {value}
                </option>
              ))}
            </select>
          )}
        </Labelled>
        <FigureFilters address={address} />
      </div>
      {filterCount(query) > 0 ? (
        <div>
          <ActionButton
            size="small"
            testId="clear-filters"
            onClick={() => put(Object.fromEntries(FILTER_PARAMS.map((name) => [name, undefined])))}
          >
            {t('common.clearFilters')}
          </ActionButton>
        </div>
      ) : null}
    </section>
  );
}

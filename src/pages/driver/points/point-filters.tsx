import { List, Map as MapIcon, SlidersHorizontal, Star } from 'lucide-react';
import { useState } from 'react';
import { useFormats } from '../../shared/i18n.ts';
import { Field } from '../../shared/ui/field.tsx';
import { useDriverTexts } from '../texts/use-texts.ts';
import styles from './filters.module.css';
import { POWER_STEPS, type PointChoice, PRICE_STEPS, SORTS, type Sort } from './point-choice.ts';

type Put = (change: Partial<PointChoice>) => void;

function Choose(props: {
  label: string;
  testId: string;
  value: string;
  onChange(value: string): void;
  options: readonly [value: string, text: string][];
}) {
  const [unset] = props.options[0] ?? [''];
  return (
    <label className={styles.choice}>
      <span>{props.label}</span>
      <select
        data-testid={props.testId}
        data-set={props.value !== unset}
        value={props.value}
        onChange={(event) => props.onChange(event.target.value)}
      >
        {props.options.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

function ViewSwitch({ view, put }: { view: PointChoice['view']; put: Put }) {
  const { t } = useDriverTexts();
  const views = [
    { name: 'LIST', testId: 'view-list', label: t('driver.list'), Icon: List },
    { name: 'MAP', testId: 'view-map', label: t('driver.map'), Icon: MapIcon },
  ] as const;
  return (
    <fieldset className={styles.view} aria-label={t('driver.viewAs')}>
      {views.map(({ name, testId, label, Icon }) => (
        <button
          key={name}
          type="button"
          aria-pressed={view === name}
          data-testid={testId}
          onClick={() => put({ view: name })}
        >
          <Icon size={18} aria-hidden="true" /> {label}
        </button>
      ))}
    </fieldset>
  );
}

function MoreFilters({ choice, zones, put }: { choice: PointChoice; zones: string[]; put: Put }) {
  const { t } = useDriverTexts();
  const formats = useFormats();
  const { zone, maxPriceE4PerKwh, minPowerW, sort } = choice;
  return (
    <div className={styles.more}>
      <Choose
        label={t('driver.zone')}
        testId="zone"
        value={zone}
        onChange={(value) => put({ zone: value })}
        options={[['', t('driver.allZones')], ...zones.map((one): [string, string] => [one, one])]}
      />
      <Choose
        label={t('driver.maxPrice')}
        testId="max-price"
        value={String(maxPriceE4PerKwh)}
        onChange={(value) => put({ maxPriceE4PerKwh: Number(value) })}
        options={[
          ['0', t('driver.anyPrice')],
          ...PRICE_STEPS.map((step): [string, string] => [String(step), `≤ ${formats.price(step)}`]),
        ]}
      />
      <Choose
        label={t('driver.minPower')}
        testId="min-power"
        value={String(minPowerW)}
        onChange={(value) => put({ minPowerW: Number(value) })}
        options={[
          ['0', t('driver.anyPower')],
          ...POWER_STEPS.map((step): [string, string] => [String(step), `≥ ${formats.power(step)}`]),
        ]}
      />
      <Choose
        label={t('driver.sortBy')}
        testId="sort"
        value={sort}
        onChange={(value) => put({ sort: value as Sort })}
        options={SORTS.map((one) => [one, t(`driver.sort.${one}`)])}
      />
    </div>
  );
}

/** Search, filters, order and view of the points; what is rarely wanted folds away. */
export function PointFilters({ choice, zones, put }: { choice: PointChoice; zones: string[]; put: Put }) {
  const { t } = useDriverTexts();
  const { isOnlyAvailable, isOnlyFavourite, zone, maxPriceE4PerKwh, minPowerW, sort } = choice;
  const setCount = [zone !== '', maxPriceE4PerKwh > 0, minPowerW > 0, sort !== 'ID'].filter(Boolean).length;
  const [isOpen, setOpen] = useState(setCount > 0);
  const favourites = t('driver.favourites');
  return (
    <div className={styles.filters}>
      <Field
        label={t('driver.searchPoint')}
        type="search"
        testId="search"
        value={choice.search}
        onChange={(search) => put({ search })}
      />
      <div className={styles.row}>
        <button
          type="button"
          className={styles.chip}
          data-testid="only-available"
          aria-pressed={isOnlyAvailable}
          onClick={() => put({ isOnlyAvailable: !isOnlyAvailable })}
        >
          {t('driver.onlyAvailable')}
        </button>
        <button
          type="button"
          className={styles.chip}
          data-testid="only-favourite"
          aria-pressed={isOnlyFavourite}
          aria-label={favourites}
          title={favourites}
          onClick={() => put({ isOnlyFavourite: !isOnlyFavourite })}
        >
          <Star size={18} aria-hidden="true" fill={isOnlyFavourite ? 'currentColor' : 'none'} />
        </button>
        <button
          type="button"
          className={styles.chip}
          data-testid="more-filters"
          data-set={setCount > 0}
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          <SlidersHorizontal size={18} aria-hidden="true" /> {t('driver.filters')}
          {setCount > 0 ? ` (${setCount})` : ''}
        </button>
      </div>
      {isOpen ? <MoreFilters choice={choice} zones={zones} put={put} /> : null}
      <ViewSwitch view={choice.view} put={put} />
    </div>
  );
}

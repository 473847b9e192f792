import { END_REASONS } from '../../../domain/vocabulary.ts';
import { useCentralTexts } from '../texts/use-texts.ts';
import styles from './history.module.css';
import { GROUPS, type HistoryFilter } from './supply-query.ts';

type Props = { filter: HistoryFilter; put(name: string, value: string): void };

/** All, ongoing, finished, denied. */
export function GroupSwitch({ filter, put }: Props) {
  const { t } = useCentralTexts();
  return (
    <fieldset className={styles.segments} aria-label={t('history.result')}>
      {GROUPS.map((group) => (
        <button
          key={group}
          type="button"
          aria-pressed={filter.group === group}
          data-testid={`group-${group}`}
          onClick={() => put('group', group === 'ALL' ? '' : group)}
        >
          {t(`history.group.${group}`)}
        </button>
      ))}
    </fieldset>
  );
}

/** Point, driver, end reason and days; each change is in the address at once. */
export function SupplyFilters({ filter, put }: Props) {
  const { t } = useCentralTexts();
  const text = (name: string, value: string) => ({
    value,
    'data-testid': `history-${name}`,
    maxLength: 20,
    spellCheck: false,
    autoComplete: 'off',
    autoCapitalize: 'characters',
    onChange: (event: { target: { value: string } }) => put(name, event.target.value.toUpperCase()),
  });
  const day = (name: string, value: string) => ({
    value,
    type: 'date',
    'data-testid': `history-${name}`,
    onChange: (event: { target: { value: string } }) => put(name, event.target.value),
  });
  return (
    <fieldset className={`${styles.segments} ${styles.filters}`} aria-label={t('history.filters')}>
      <label>
        {t('history.cpId')}
        <input {...text('cp', filter.cpId)} />
      </label>
      <label>
        {t('history.driverId')}
        <input {...text('driver', filter.driverId)} />
      </label>
      <label>
        {t('history.endReason')}
        <select
          className={styles.select}
          value={filter.endReason}
          data-testid="history-reason"
          onChange={(event) => put('reason', event.target.value)}
        >
          <option value="">{t('history.anyReason')}</option>
          {END_REASONS.map((reason) => (
            <option key={reason} value={reason}>
              {t(`end.${reason}`)}
            </option>
          ))}
        </select>
      </label>
      <label>
        {t('history.from')}
        <input {...day('from', filter.from)} max={filter.to || undefined} />
      </label>
      <label>
        {t('history.to')}
        <input {...day('to', filter.to)} min={filter.from || undefined} />
      </label>
    </fieldset>
  );
}

import { AUDIT_CATEGORIES, type AuditCategory } from '../../../messages/audit-api.ts';
import history from '../history/history.module.css';
import { useCentralTexts } from '../texts/use-texts.ts';
import styles from './audit.module.css';
import { AUDIT_RANGES, type AuditView, type TextFilter } from './audit-query.ts';
import { CATEGORY_ICONS } from './category-icons.ts';

type Props = { view: AuditView; put(name: string, value: string): void };

const SHORT = ['actor', 'ip', 'cp', 'driver', 'component'] as const satisfies readonly TextFilter[];

/** Fifteen minutes, an hour, today, a week, everything, or two times of one's own. */
export function RangeSwitch({ view, put }: Props) {
  const { t } = useCentralTexts();
  return (
    <fieldset className={history.segments} aria-label={t('audit.range')}>
      {AUDIT_RANGES.map((range) => (
        <button
          key={range}
          type="button"
          aria-pressed={view.range === range}
          data-testid={`audit-range-${range}`}
          onClick={() => put('range', range)}
        >
          {t(`audit.ranges.${range}`)}
        </button>
      ))}
    </fieldset>
  );
}

function Categories({ view, put }: Props) {
  const { t } = useCentralTexts();
  const toggle = (category: AuditCategory) => {
    const rest = view.categories.filter((one) => one !== category);
    put('cat', (rest.length < view.categories.length ? rest : [...rest, category]).join(','));
  };
  return (
    <fieldset className={history.segments} aria-label={t('audit.category')}>
      {AUDIT_CATEGORIES.map((category) => {
        const Icon = CATEGORY_ICONS[category];
        return (
          <button
            key={category}
            type="button"
            className={styles.category}
            aria-pressed={view.categories.includes(category)}
            data-testid={`audit-category-${category}`}
            onClick={() => toggle(category)}
          >
            <Icon size={14} aria-hidden="true" /> {t(`audit.categories.${category}`)}
          </button>
        );
      })}
    </fieldset>
  );
}

/** Every filter is in the address at once. */
export function AuditFilters({ view, put }: Props) {
  const { t } = useCentralTexts();
  const input = (name: TextFilter | 'from' | 'to') => ({
    value: view[name],
    maxLength: 100,
    spellCheck: false,
    autoComplete: 'off',
    'data-testid': `audit-${name}`,
    onChange: (event: { target: { value: string } }) => put(name, event.target.value),
  });
  return (
    <>
      <Categories view={view} put={put} />
      <fieldset className={`${history.segments} ${history.filters} ${styles.filters}`} aria-label={t('audit.filters')}>
        {view.range === 'custom' ? (
          <>
            <label>
              {t('audit.from')}
              <input type="datetime-local" {...input('from')} />
            </label>
            <label>
              {t('audit.to')}
              <input type="datetime-local" {...input('to')} />
            </label>
          </>
        ) : null}
        <label className={styles.text}>
          {t('audit.text')}
          <input type="search" {...input('text')} />
        </label>
        {SHORT.map((name) => (
          <label key={name}>
            {t(`audit.by.${name}`)}
            <input {...input(name)} />
          </label>
        ))}
        <label>
          {t('audit.result')}
          <select
            className={history.select}
            value={view.result}
            data-testid="audit-result"
            onChange={(event) => put('result', event.target.value)}
          >
            <option value="">{t('audit.anyResult')}</option>
            <option value="ok">{t('audit.ok')}</option>
            <option value="failed">{t('audit.failed')}</option>
          </select>
        </label>
      </fieldset>
    </>
  );
}

import { useFormats } from '../../shared/i18n.ts';
import { STATE_ICONS, STATES_IN_ORDER } from '../../shared/state-look.ts';
import { useCentralTexts } from '../texts/use-texts.ts';
import type { StateCounts } from './point-rows.ts';
import { PARAM, toggled } from './points-query.ts';
import styles from './state-bar.module.css';
import type { QueryInAddress } from './use-points-query.ts';

/** The network in one line: each state as wide as its share. Said in words by the chips beneath. */
function Proportions({ counts }: { counts: StateCounts }) {
  return (
    <div className={styles.bar} aria-hidden="true">
      {STATES_IN_ORDER.filter((state) => counts[state] > 0).map((state) => (
        <span key={state} data-state={state} style={{ flexGrow: counts[state] }} />
      ))}
    </div>
  );
}

/** How many points are in each state; each count filters. */
export function StateBar({ counts, address }: { counts: StateCounts; address: QueryInAddress }) {
  const { t } = useCentralTexts();
  const formats = useFormats();
  const { query, put } = address;
  return (
    <div className={styles.states}>
      <Proportions counts={counts} />
      <fieldset className={styles.chips} aria-label={t('central.filterByState')}>
        {STATES_IN_ORDER.map((state) => {
          const Icon = STATE_ICONS[state];
          return (
            <button
              key={state}
              type="button"
              className={styles.chip}
              data-state={state}
              data-testid={`filter-${state}`}
              aria-pressed={query.states.includes(state)}
              onClick={() => put({ [PARAM.states]: toggled(query.states, state).join(',') })}
            >
              <Icon size={16} aria-hidden="true" />
              <strong>{formats.number(counts[state])}</strong> {t(`state.panel.${state}`)}
            </button>
          );
        })}
      </fieldset>
    </div>
  );
}

import { ChevronDown, ChevronRight } from 'lucide-react';
import { useFormats } from '../../shared/i18n.ts';
import { STATE_ICONS } from '../../shared/state-look.ts';
import { useCentralTexts } from '../texts/use-texts.ts';
import { SEVERITY } from './point-order.ts';
import type { ListRow } from './point-rows.ts';
import styles from './zone-header.module.css';

type ZoneRow = Extract<ListRow, { kind: 'ZONE' }>;

/** A zone's name, its worst state, and how many of each; folds its points away. */
export function ZoneHeader({ row, onFold }: { row: ZoneRow; onFold(zone: string): void }) {
  const { t } = useCentralTexts();
  const formats = useFormats();
  const Fold = row.isFolded ? ChevronRight : ChevronDown;
  const Worst = row.worst ? STATE_ICONS[row.worst] : undefined;
  return (
    <div className={styles.zone}>
      <button
        type="button"
        className={styles.fold}
        aria-expanded={!row.isFolded}
        data-testid={`zone-${row.zone}`}
        onClick={() => onFold(row.zone)}
      >
        <Fold size={18} aria-hidden="true" />
        {row.zone}
        {Worst ? (
          <span className={styles.worst} data-state={row.worst}>
            <Worst size={16} aria-hidden="true" />
          </span>
        ) : null}
      </button>
      <ul className={styles.counts}>
        {SEVERITY.filter((state) => row.counts[state] > 0).map((state) => {
          const Icon = STATE_ICONS[state];
          return (
            <li key={state} data-state={state} title={t(`state.panel.${state}`)}>
              <Icon size={14} aria-hidden="true" />
              {formats.number(row.counts[state])}
              <span className="visually-hidden">{t(`state.panel.${state}`)}</span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

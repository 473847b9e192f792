import {
  Download,
  LayoutGrid,
  List,
  type LucideIcon,
  Map as MapIcon,
  Search,
  SlidersHorizontal,
  SquareStack,
} from 'lucide-react';
import type { RefObject } from 'react';
import type { PanelPoint } from '../../../messages/live-stream.ts';
import { useFormats } from '../../shared/i18n.ts';
import { useCentralTexts } from '../texts/use-texts.ts';
import { exportPoints } from './export-points.ts';
import { filterCount, PARAM, POINT_SORTS, POINT_VIEWS, type PointView } from './points-query.ts';
import styles from './toolbar.module.css';
import type { QueryInAddress } from './use-points-query.ts';

const VIEW_ICONS: Readonly<Record<PointView, LucideIcon>> = {
  wall: LayoutGrid,
  cards: SquareStack,
  table: List,
  map: MapIcon,
};

function ViewSwitch({ address }: { address: QueryInAddress }) {
  const { t } = useCentralTexts();
  return (
    <fieldset className={styles.views} aria-label={t('points.view.title')}>
      {POINT_VIEWS.map((view) => {
        const Icon = VIEW_ICONS[view];
        return (
          <button
            key={view}
            type="button"
            aria-pressed={address.query.view === view}
            data-testid={`view-${view}`}
            onClick={() => address.look(view)}
          >
            <Icon size={16} aria-hidden="true" />
            <span>{t(`points.view.${view}`)}</span>
          </button>
        );
      })}
    </fieldset>
  );
}

function SortChoice({ address }: { address: QueryInAddress }) {
  const { t } = useCentralTexts();
  return (
    <label className={styles.sort}>
      <span>{t('points.sort.title')}</span>
      <select
        data-testid="sort"
        value={address.query.sort}
        onChange={(event) =>
          address.put({ [PARAM.sort]: event.target.value === 'zone' ? undefined : event.target.value })
        }
      >
        {POINT_SORTS.map((sort) => (
          <option key={sort} value={sort}>
            {t(`points.sort.${sort}`)}
          </option>
        ))}
      </select>
    </label>
  );
}

function SearchBox({ address, inputRef }: { address: QueryInAddress; inputRef: RefObject<HTMLInputElement | null> }) {
  const { t } = useCentralTexts();
  return (
    <label className={styles.search}>
      <Search size={18} aria-hidden="true" />
      <span className="visually-hidden">{t('central.searchPoints')}</span>
      <input
        ref={inputRef}
        type="search"
        placeholder={t('central.searchPoints')}
        data-testid="search"
        value={address.query.search}
        onChange={(event) => address.put({ [PARAM.search]: event.target.value })}
      />
    </label>
  );
}

type Props = {
  address: QueryInAddress;
  shown: readonly PanelPoint[];
  all: number;
  areFiltersOpen: boolean;
  onFilters(): void;
  searchRef: RefObject<HTMLInputElement | null>;
};

/** How the points are looked at: view, order, search, filters, and how many are left. */
export function Toolbar(props: Props) {
  const { t } = useCentralTexts();
  const formats = useFormats();
  const count = filterCount(props.address.query);
  return (
    <div className={styles.toolbar}>
      <ViewSwitch address={props.address} />
      <SortChoice address={props.address} />
      <button
        type="button"
        className={styles.filters}
        aria-expanded={props.areFiltersOpen}
        aria-controls="point-filters"
        data-testid="filters"
        onClick={props.onFilters}
      >
        <SlidersHorizontal size={16} aria-hidden="true" />
        {count > 0 ? t('points.filtersSet', { n: count }) : t('points.filters')}
      </button>
      <SearchBox address={props.address} inputRef={props.searchRef} />
      <span className={styles.count} role="status" data-testid="shown-count">
        {t('central.shownOf', { shown: formats.number(props.shown.length), all: formats.number(props.all) })}
      </span>
      <button
        type="button"
        className={styles.filters}
        aria-disabled={props.shown.length === 0}
        title={t('points.export', { count: props.shown.length })}
        data-testid="export-points"
        onClick={() => {
          if (props.shown.length > 0) exportPoints(props.shown);
        }}
      >
        <Download size={16} aria-hidden="true" /> CSV
        <span className="visually-hidden">{t('points.export', { count: props.shown.length })}</span>
      </button>
    </div>
  );
}

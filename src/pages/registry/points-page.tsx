import { Download, Plus, Search } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { PointCreated } from '../../messages/central-api.ts';
import { REGISTRATION_STATES, type RegistryPoint } from '../../messages/registry-api.ts';
import { downloadCsv } from '../shared/download-text.ts';
import { TokenOnce } from '../shared/enrolment/token-once.tsx';
import { useFormats } from '../shared/i18n.ts';
import { useCollection, useHasFeed, useLinkLevel, useUpstream } from '../shared/live/live-store.ts';
import { ActionButton } from '../shared/ui/action-button.tsx';
import { FreshnessBar, useIsStale } from '../shared/ui/freshness-bar.tsx';
import { Empty } from '../shared/ui/parts.tsx';
import { Waiting } from '../shared/ui/waiting.tsx';
import { PointDialog } from './point-dialog.tsx';
import { countByStatus, PAGE_ROWS, pointRows, pointsCsv } from './point-rows.ts';
import { PointsTable } from './points-table.tsx';
import styles from './registry.module.css';
import { ServiceCard } from './service-card.tsx';
import { REGISTRY } from './session.ts';
import { STATUS_ICONS } from './status-badge.tsx';
import { useRegistryTexts } from './texts/use-texts.ts';
import { type Choice, useChoice } from './use-choice.ts';
import { usePointQuestions } from './use-point-questions.tsx';

/** Why nothing can be changed now. */
function useBlocked(): string | undefined {
  const { t } = useRegistryTexts();
  const level = useLinkLevel();
  const upstream = useUpstream(REGISTRY);
  if (level !== 'LIVE') return t('conn.actionOffline');
  return upstream?.isDatabaseUp === false ? t('error.code.DATABASE_UNAVAILABLE') : undefined;
}

function StatusChips({ points, choice }: { points: readonly RegistryPoint[]; choice: Choice }) {
  const { t } = useRegistryTexts();
  const formats = useFormats();
  const counts = countByStatus(points);
  return (
    <fieldset className={styles.chips} aria-label={t('registry.statusFilter')}>
      {REGISTRATION_STATES.map((status) => {
        const Icon = STATUS_ICONS[status];
        const isChosen = choice.status === status;
        return (
          <button
            key={status}
            type="button"
            className={styles.chip}
            data-status={status}
            data-testid={`filter-${status}`}
            aria-pressed={isChosen}
            onClick={() => choice.put('status', isChosen ? '' : status)}
          >
            <Icon size={16} aria-hidden="true" />
            <strong>{formats.number(counts[status])}</strong> {t(`registry.status.${status}`)}
          </button>
        );
      })}
    </fieldset>
  );
}

function Pages({ total, choice }: { total: number; choice: Choice }) {
  const { t } = useRegistryTexts();
  const formats = useFormats();
  if (total <= PAGE_ROWS) return null;
  const last = Math.ceil(total / PAGE_ROWS);
  const page = Math.min(choice.page, last);
  const from = (page - 1) * PAGE_ROWS + 1;
  const to = Math.min(page * PAGE_ROWS, total);
  const shown = { from: formats.number(from), to: formats.number(to), all: formats.number(total) };
  return (
    <nav className={styles.pages} aria-label={t('registry.pages')}>
      {page > 1 ? (
        <ActionButton size="small" testId="page-before" onClick={() => choice.put('page', String(page - 1))}>
          {t('registry.previous')}
        </ActionButton>
      ) : null}
      <span data-testid="page-shown">{t('registry.shown', shown)}</span>
      {page < last ? (
        <ActionButton size="small" testId="page-after" onClick={() => choice.put('page', String(page + 1))}>
          {t('registry.next')}
        </ActionButton>
      ) : null}
    </nav>
  );
}

type ToolbarProps = {
  choice: Choice;
  rows: readonly RegistryPoint[];
  blockedBy: string | undefined;
  onAdd(): void;
};

function Toolbar({ choice, rows, blockedBy, onAdd }: ToolbarProps) {
  const { t } = useRegistryTexts();
  return (
    <div className={styles.toolbar}>
      <label className={styles.search}>
        <Search size={18} aria-hidden="true" />
        <span className="visually-hidden">{t('common.search')}</span>
        <input
          type="search"
          placeholder={t('registry.searchHint')}
          data-testid="search"
          value={choice.search}
          onChange={(event) => choice.put('q', event.target.value)}
        />
      </label>
      <ActionButton testId="export-csv" onClick={() => downloadCsv({ name: 'registry.csv', text: pointsCsv(rows) })}>
        <Download size={18} aria-hidden="true" /> CSV
        <span className="visually-hidden">: {t('registry.export', { count: rows.length })}</span>
      </ActionButton>
      <ActionButton variant="primary" testId="add-point" blockedBy={blockedBy} onClick={onAdd}>
        <Plus size={18} aria-hidden="true" /> {t('registry.add')}
      </ActionButton>
    </div>
  );
}

/** What is asked for stands in the middle of the page: a form, a question or a token that is shown once. */
type Open = { kind: 'ADD' } | { kind: 'EDIT'; cpId: string } | { kind: 'TOKEN'; created: PointCreated };

function NoRows({ isAllEmpty, choice }: { isAllEmpty: boolean; choice: Choice }) {
  const { t } = useRegistryTexts();
  const clear = () => {
    choice.put('q', '');
    choice.put('status', '');
  };
  return (
    <Empty testId="no-points">
      <p>{isAllEmpty ? t('registry.empty') : t('registry.noMatch')}</p>
      {isAllEmpty ? null : <ActionButton onClick={clear}>{t('common.clearFilters')}</ActionButton>}
    </Empty>
  );
}

/** The list with its search, filter and pages. */
function PointList(props: {
  points: readonly RegistryPoint[];
  blockedBy: string | undefined;
  onOpen(open: Open): void;
  onAsk: ReturnType<typeof usePointQuestions>['ask'];
}) {
  const { points, blockedBy, onOpen, onAsk } = props;
  const choice = useChoice();
  const hasFeed = useHasFeed(REGISTRY);
  const { t } = useRegistryTexts();
  const { search, status, sort, isDescending } = choice;
  const rows = useMemo(
    () => pointRows(points, { search, status, sort, isDescending }),
    [points, search, status, sort, isDescending],
  );
  const page = Math.min(choice.page, Math.max(1, Math.ceil(rows.length / PAGE_ROWS)));
  return (
    <>
      <div className={styles.head}>
        <h2>{t('registry.heading')}</h2>
        <span className="muted" data-testid="point-count">
          {t('registry.count', { count: rows.length })}
        </span>
      </div>
      <StatusChips points={points} choice={choice} />
      <Toolbar choice={choice} rows={rows} blockedBy={blockedBy} onAdd={() => onOpen({ kind: 'ADD' })} />
      {!hasFeed ? <Waiting count={4} /> : null}
      {hasFeed && rows.length === 0 ? <NoRows isAllEmpty={points.length === 0} choice={choice} /> : null}
      {rows.length > 0 ? (
        <PointsTable
          rows={rows.slice((page - 1) * PAGE_ROWS, page * PAGE_ROWS)}
          choice={choice}
          blockedBy={blockedBy}
          onEdit={(cpId) => onOpen({ kind: 'EDIT', cpId })}
          onRenew={(point) => onAsk('RENEW', point)}
          onRetire={(point) => onAsk('RETIRE', point)}
        />
      ) : null}
      <Pages total={rows.length} choice={choice} />
    </>
  );
}

/** All points that ever were, what an administrator does with them, and by what this service can be recognised. */
export function PointsPage() {
  const { t } = useRegistryTexts();
  const isDatabaseUp = useUpstream(REGISTRY)?.isDatabaseUp !== false;
  const isStale = useIsStale(REGISTRY, isDatabaseUp);
  const known = useCollection<RegistryPoint>(REGISTRY, 'points');
  const points = useMemo(() => Object.values(known), [known]);
  const blockedBy = useBlocked();
  const [open, setOpen] = useState<Open>();
  const close = () => setOpen(undefined);
  const showToken = (created: PointCreated) => setOpen({ kind: 'TOKEN', created });
  const { ask, question } = usePointQuestions(showToken);
  return (
    <>
      <FreshnessBar feed={REGISTRY} lostText={isDatabaseUp ? null : t('error.code.DATABASE_UNAVAILABLE')} />
      <main id="content" className={styles.page} data-stale={isStale} tabIndex={-1}>
        <PointList points={points} blockedBy={blockedBy} onOpen={setOpen} onAsk={ask} />
        <ServiceCard />
      </main>
      {open?.kind === 'ADD' ? <PointDialog points={known} onClose={close} onCreated={showToken} /> : null}
      {open?.kind === 'EDIT' ? (
        <PointDialog points={known} cpId={open.cpId} onClose={close} onCreated={showToken} />
      ) : null}
      {open?.kind === 'TOKEN' ? (
        <TokenOnce created={open.created} registryUrl={location.origin} onClose={close} />
      ) : null}
      {question}
    </>
  );
}

import { ArrowDown, ArrowUp, KeyRound, Pencil, Trash2 } from 'lucide-react';
import type { ReactNode } from 'react';
import type { RegistryPoint } from '../../messages/registry-api.ts';
import { roughAge } from '../shared/format.ts';
import { useFormats } from '../shared/i18n.ts';
import { useServerNow } from '../shared/live/live-store.ts';
import { ActionButton } from '../shared/ui/action-button.tsx';
import { SCROLLED_BY_KEYS } from '../shared/ui/parts.tsx';
import { SORT_KEYS, type SortKey } from './point-rows.ts';
import styles from './registry.module.css';
import { StatusBadge } from './status-badge.tsx';
import { useRegistryTexts } from './texts/use-texts.ts';
import type { Choice } from './use-choice.ts';

const COLUMNS = [
  ...(['cpId', 'place', 'price', 'power', 'created', 'credentials', 'authenticated', 'status', 'actions'] as const),
];
type Column = (typeof COLUMNS)[number];

type RowActions = {
  blockedBy: string | undefined;
  onEdit(cpId: string): void;
  onRenew(point: RegistryPoint): void;
  onRetire(point: RegistryPoint): void;
};

const isSortKey = (column: Column): column is SortKey & Column => SORT_KEYS.some((key) => key === column);

function HeadCell({ column, choice }: { column: Column; choice: Choice }) {
  const { t } = useRegistryTexts();
  const word = t(`registry.column.${column}`);
  if (!isSortKey(column)) return <th scope="col">{word}</th>;
  const isChosen = choice.sort === column;
  const Arrow = choice.isDescending ? ArrowDown : ArrowUp;
  const next = isChosen && !choice.isDescending ? `${column}.desc` : column;
  return (
    <th scope="col" aria-sort={isChosen ? (choice.isDescending ? 'descending' : 'ascending') : 'none'}>
      <button type="button" data-testid={`sort-${column}`} onClick={() => choice.put('sort', next)}>
        {word} {isChosen ? <Arrow size={14} aria-hidden="true" /> : null}
      </button>
    </th>
  );
}

/** When, with the exact time beneath the pointer. */
function When({ atMs, nowMs }: { atMs: number; nowMs: number }) {
  const { t } = useRegistryTexts();
  const formats = useFormats();
  const isRecent = nowMs - atMs < 3_600_000;
  return (
    <time dateTime={new Date(atMs).toISOString()} title={formats.dateTime(atMs)}>
      <span className={styles.when}>
        {isRecent ? t('common.ago', { t: roughAge(nowMs - atMs) }) : formats.fullDate(atMs)}
      </span>
    </time>
  );
}

function Credentials({ point, nowMs }: { point: RegistryPoint; nowMs: number }) {
  const { t } = useRegistryTexts();
  const formats = useFormats();
  return (
    <>
      {point.credentialIssuedAtMs === undefined ? (
        <span className="muted">{t('registry.noCredentials')}</span>
      ) : (
        <When atMs={point.credentialIssuedAtMs} nowMs={nowMs} />
      )}
      {point.tokenExpiresAtMs === undefined ? null : (
        <span className={styles.note}>
          {t('registry.tokenOut', { when: formats.dateTime(point.tokenExpiresAtMs) })}
        </span>
      )}
    </>
  );
}

function Actions({ point, actions }: { point: RegistryPoint; actions: RowActions }) {
  const { t } = useRegistryTexts();
  const { blockedBy, onEdit, onRenew, onRetire } = actions;
  if (point.isRetired) return null;
  const button = (name: 'edit' | 'renew' | 'retire', icon: ReactNode, onClick: () => void) => (
    <ActionButton
      size="small"
      testId={`${name}-${point.cpId}`}
      blockedBy={blockedBy}
      label={`${t(`registry.${name}`)} ${point.cpId}`}
      onClick={onClick}
    >
      {icon} <span className={styles.actionWord}>{t(`registry.${name}`)}</span>
    </ActionButton>
  );
  return (
    <span className={styles.actions}>
      {button('edit', <Pencil size={16} aria-hidden="true" />, () => onEdit(point.cpId))}
      {button('renew', <KeyRound size={16} aria-hidden="true" />, () => onRenew(point))}
      {button('retire', <Trash2 size={16} className={styles.dangerIcon} aria-hidden="true" />, () => onRetire(point))}
    </span>
  );
}

function Row({ point, nowMs, actions }: { point: RegistryPoint; nowMs: number; actions: RowActions }) {
  const { t } = useRegistryTexts();
  const formats = useFormats();
  const cells: Record<Exclude<Column, 'cpId'>, ReactNode> = {
    place: (
      <>
        {point.address}
        <span className={styles.note}>
          {point.city}, {point.country} · {point.zone}
        </span>
      </>
    ),
    price: formats.price(point.priceE4PerKwh),
    power: formats.power(point.maxPowerW),
    created: <When atMs={point.registeredAtMs} nowMs={nowMs} />,
    credentials: <Credentials point={point} nowMs={nowMs} />,
    authenticated:
      point.authenticatedAtMs === undefined ? (
        <span className="muted">{t('common.never')}</span>
      ) : (
        <When atMs={point.authenticatedAtMs} nowMs={nowMs} />
      ),
    status: <StatusBadge status={point.status} />,
    actions: <Actions point={point} actions={actions} />,
  };
  return (
    <tr data-testid={`row-${point.cpId}`} data-status={point.status}>
      <th scope="row">{point.cpId}</th>
      {COLUMNS.filter((column) => column !== 'cpId').map((column) => (
        <td key={column} data-label={t(`registry.column.${column}`)} data-column={column}>
          <div>{cells[column]}</div>
        </td>
      ))}
    </tr>
  );
}

/** The points; a table on a desk, one card a point on a phone. */
export function PointsTable(props: RowActions & { rows: readonly RegistryPoint[]; choice: Choice }) {
  const { t } = useRegistryTexts();
  const nowMs = useServerNow();
  const { rows, choice, ...actions } = props;
  return (
    <section className={styles.tableFrame} aria-label={t('registry.heading')} {...SCROLLED_BY_KEYS}>
      <table className={styles.table} data-testid="points">
        <thead>
          <tr>
            {COLUMNS.map((column) => (
              <HeadCell key={column} column={column} choice={choice} />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((point) => (
            <Row key={point.cpId} point={point} nowMs={nowMs} actions={actions} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

import { ChevronDown, ChevronRight, CircleCheck, CircleX, Copy } from 'lucide-react';
import { memo, useState } from 'react';
import { Link } from 'wouter';
import type { AuditEvent } from '../../../messages/audit-api.ts';
import { useFormats } from '../../shared/i18n.ts';
import { ActionButton } from '../../shared/ui/action-button.tsx';
import { SCROLLED_BY_KEYS } from '../../shared/ui/parts.tsx';
import { say } from '../../shared/ui/toasts.tsx';
import history from '../history/history.module.css';
import { useCentralTexts } from '../texts/use-texts.ts';
import styles from './audit.module.css';
import { CATEGORY_ICONS } from './category-icons.ts';

export const AUDIT_COLUMNS = ['when', 'category', 'action', 'who', 'ip', 'cp', 'result', 'description'] as const;

function Details({ event }: { event: AuditEvent }) {
  const { t } = useCentralTexts();
  const text = JSON.stringify(event.parameters, null, 2);
  const whole = JSON.stringify({ timestamp: new Date(event.atMs).toISOString(), ...event }, null, 2);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(whole);
      say('good', t('audit.copied'));
    } catch {
      say('error', t('audit.notCopied'));
    }
  };
  return (
    <tr className={styles.details} data-testid="audit-details">
      <td colSpan={AUDIT_COLUMNS.length}>
        <dl className={history.facts}>
          <dt>{t('audit.by.component')}</dt>
          <dd>{event.component}</dd>
          {event.supplyId ? (
            <>
              <dt>{t('audit.supply')}</dt>
              <dd className="mono">
                <Link href={`/recargas?supply=${event.supplyId}`}>{event.supplyId}</Link>
              </dd>
            </>
          ) : null}
          {event.correlationId ? (
            <>
              <dt>{t('audit.correlation')}</dt>
              <dd className="mono">{event.correlationId}</dd>
            </>
          ) : null}
          <dt>{t('audit.parameters')}</dt>
          <dd>
            <pre className={styles.parameters} {...SCROLLED_BY_KEYS}>
              {text}
            </pre>
          </dd>
        </dl>
        <ActionButton size="small" testId="audit-copy" onClick={() => void copy()}>
          <Copy size={14} aria-hidden="true" /> {t('audit.copy')}
        </ActionButton>
      </td>
    </tr>
  );
}

/** Local time to the millisecond: what happened first is often the question. */
function useMoment(): (atMs: number) => string {
  const formats = useFormats();
  return (atMs) => `${formats.dateTime(atMs)}.${String(atMs % 1_000).padStart(3, '0')}`;
}

/** One event; opened, its parameters, and all of it to copy. */
export const AuditRow = memo(function AuditRow({ event }: { event: AuditEvent }) {
  const { t } = useCentralTexts();
  const momentOf = useMoment();
  const [isOpen, setOpen] = useState(false);
  const Icon = CATEGORY_ICONS[event.category];
  const Chevron = isOpen ? ChevronDown : ChevronRight;
  const Result = event.isSuccess ? CircleCheck : CircleX;
  return (
    <>
      <tr className={styles.row} data-testid="audit-row" data-category={event.category} data-audit-id={event.auditId}>
        <td className={history.wide}>
          <button type="button" className={styles.open} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            <Chevron size={16} aria-hidden="true" /> {momentOf(event.atMs)}
          </button>
        </td>
        <td>
          <span className={styles.kind}>
            <Icon size={14} aria-hidden="true" /> {t(`audit.categories.${event.category}`)}
          </span>
        </td>
        <td className={`${styles.code} ${styles.action}`}>
          <span>{event.action}</span>
        </td>
        <td data-name={t('audit.by.actor')} className={`${styles.code} ${styles.actor}`}>
          <span>{event.actor}</span>
        </td>
        <td data-name={t('audit.column.ip')} className={styles.code}>
          <span>{event.address ?? '–'}</span>
        </td>
        <td data-name={t('audit.by.cp')}>{event.cpId ?? '–'}</td>
        <td data-name={t('audit.result')}>
          <span className={event.isSuccess ? styles.good : history.bad}>
            <Result size={16} aria-hidden="true" /> {event.isSuccess ? t('audit.ok') : t('audit.failed')}
          </span>
        </td>
        <td className={`${history.wide} ${styles.description}`}>{event.description}</td>
      </tr>
      {isOpen ? <Details event={event} /> : null}
    </>
  );
});

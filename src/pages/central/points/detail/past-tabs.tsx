import { CircleCheck, CircleX } from 'lucide-react';
import type { ReactNode } from 'react';
import type { AuditPage } from '../../../../messages/audit-api.ts';
import type { SupplyPage } from '../../../../messages/central-history-api.ts';
import type { SupplyView } from '../../../../messages/entities.ts';
import { hasText, useFormats } from '../../../shared/i18n.ts';
import { ActionButton } from '../../../shared/ui/action-button.tsx';
import { errorText, useRefusalText } from '../../../shared/ui/answer-text.ts';
import { FormError } from '../../../shared/ui/field.tsx';
import { Empty } from '../../../shared/ui/parts.tsx';
import { useAnswer } from '../../../shared/use-answer.ts';
import { useOperator } from '../../session.ts';
import { type CentralKey, useCentralTexts } from '../../texts/use-texts.ts';
import styles from './detail.module.css';

const SHOWN = 25;

type AnsweredProps<Body> = { path: string; children(body: Body): ReactNode };

/** History needs a login (D-15): without one nothing is asked for. */
function Answered<Body>(props: AnsweredProps<Body>) {
  const { t } = useCentralTexts();
  const operator = useOperator();
  return operator ? <Loaded {...props} /> : <Empty>{t('points.detail.signInToSee')}</Empty>;
}

function Loaded<Body>(props: AnsweredProps<Body>) {
  const { t } = useCentralTexts();
  const { body, problem, isLoading, again } = useAnswer<Body>(props.path);
  if (body === undefined && !problem) return <Empty>{t('common.loading')}</Empty>;
  return (
    <>
      {problem ? <FormError>{errorText(t, problem)}</FormError> : null}
      {body === undefined ? null : props.children(body)}
      <div>
        <ActionButton size="small" isBusy={isLoading} onClick={again}>
          {t(problem ? 'common.retry' : 'points.detail.refresh')}
        </ActionButton>
      </div>
    </>
  );
}

function SupplyLine({ supply }: { supply: SupplyView }) {
  const { t } = useCentralTexts();
  const formats = useFormats();
  const refusalText = useRefusalText();
  const end = supply.refusal
    ? refusalText(supply.refusal)
    : supply.endReason
      ? t(`end.${supply.endReason}`)
      : t('points.detail.open');
  return (
    <li>
      <span className={styles.lineHead}>
        <strong>{formats.dateTime(supply.requestedAtMs)}</strong>
        <span>{supply.driverId ?? t('common.anonymous')}</span>
      </span>
      <span className={styles.lineHead}>
        <span className="muted">{end}</span>
        {supply.state === 'DENIED' ? null : (
          <span>
            {formats.energy(supply.energyWh)} · {formats.money(supply.amountCents)}
          </span>
        )}
      </span>
    </li>
  );
}

/** The last charges of this point and their sum. */
export function SuppliesTab({ cpId }: { cpId: string }) {
  const { t } = useCentralTexts();
  const formats = useFormats();
  return (
    <Answered<SupplyPage> path={`/api/supplies/history?cpId=${cpId}&limit=${SHOWN}`}>
      {({ supplies, totals }) =>
        supplies.length === 0 ? (
          <Empty>{t('points.detail.noSupplies')}</Empty>
        ) : (
          <>
            {totals ? (
              <p data-testid="detail-totals">
                {t('points.detail.totals', {
                  count: totals.supplies,
                  energy: formats.energy(totals.energyWh),
                  amount: formats.money(totals.amountCents),
                })}
              </p>
            ) : null}
            <ul className={styles.lines}>
              {supplies.map((supply) => (
                <SupplyLine key={supply.supplyId} supply={supply} />
              ))}
            </ul>
          </>
        )
      }
    </Answered>
  );
}

/** What the audit has of this point, newest first. */
export function EventsTab({ cpId }: { cpId: string }) {
  const { t } = useCentralTexts();
  const formats = useFormats();
  const action = (code: string) => (hasText(`audit.action.${code}`) ? t(`audit.action.${code}` as CentralKey) : code);
  return (
    <Answered<AuditPage> path={`/api/audit?cpId=${cpId}&limit=${SHOWN}`}>
      {({ events }) =>
        events.length === 0 ? (
          <Empty>{t('points.detail.noEvents')}</Empty>
        ) : (
          <ul className={styles.lines}>
            {events.map((event) => (
              <li key={event.auditId} data-good={event.isSuccess}>
                <span className={styles.lineHead}>
                  <span>
                    {event.isSuccess ? (
                      <CircleCheck size={16} aria-hidden="true" />
                    ) : (
                      <CircleX size={16} aria-hidden="true" />
                    )}{' '}
                    <strong>{action(event.action)}</strong>
                  </span>
                  <time>{formats.dateTime(event.atMs)}</time>
                </span>
                <span className="muted">
                  {event.actor} · {event.description}
                </span>
              </li>
            ))}
          </ul>
        )
      }
    </Answered>
  );
}

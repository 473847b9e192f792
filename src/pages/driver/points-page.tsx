import { Zap } from 'lucide-react';
import { useState } from 'react';
import { useLocation } from 'wouter';
import type { PointCard } from '../../messages/entities.ts';
import { useFormats } from '../shared/i18n.ts';
import { useCollection, useHasFeed } from '../shared/live/live-store.ts';
import { ActionButton } from '../shared/ui/action-button.tsx';
import { errorText } from '../shared/ui/answer-text.ts';
import { Dialog } from '../shared/ui/dialog.tsx';
import { Field } from '../shared/ui/field.tsx';
import { useBlockedReason } from '../shared/ui/freshness-bar.tsx';
import { Empty, Figure, Skeletons } from '../shared/ui/parts.tsx';
import { StateBadge } from '../shared/ui/state-badge.tsx';
import { say } from '../shared/ui/toasts.tsx';
import { requestSupply } from './actions.ts';
import styles from './driver.module.css';
import { choosePoints, type PointChoice, SORTS, type Sort, zonesOf } from './point-choice.ts';
import { POINTS } from './session.ts';
import { useDriverTexts } from './texts/use-texts.ts';
import { useMe } from './use-driver.ts';

/** Why this driver cannot ask for a charge now; undefined: they can. */
function useWhyNot(): string | undefined {
  const { t } = useDriverTexts();
  const me = useMe();
  const blockedBy = useBlockedReason(POINTS);
  if (blockedBy) return blockedBy;
  return me?.openSupply || me?.pendingRequest ? t('refusal.DRIVER_BUSY') : undefined;
}

function PointCardView({ point, onCharge }: { point: PointCard; onCharge(point: PointCard): void }) {
  const { t } = useDriverTexts();
  const formats = useFormats();
  const whyNot = useWhyNot();
  const me = useMe();
  const isOwn = me?.openSupply?.cpId === point.cpId;
  return (
    <li className={styles.pointCard} data-state={point.state} data-own={isOwn} data-testid={`point-${point.cpId}`}>
      <div className={styles.pointHead}>
        <h2>{point.cpId}</h2>
        <StateBadge state={point.state} audience="driver" isOwn={isOwn} />
      </div>
      <p className="muted">
        {point.address}, {point.city} · {point.zone}
      </p>
      <div className={styles.pointFoot}>
        <span>
          <strong>{formats.price(point.priceE4PerKwh)}</strong> · {formats.power(point.maxPowerW)}
        </span>
        {point.state === 'AVAILABLE' ? (
          <ActionButton
            variant="primary"
            testId={`charge-${point.cpId}`}
            blockedBy={whyNot}
            onClick={() => onCharge(point)}
          >
            <Zap size={18} aria-hidden="true" /> {t('driver.charge')}
          </ActionButton>
        ) : (
          <span className="muted">{point.reasons.map((reason) => t(`reason.${reason}`)).join(' · ')}</span>
        )}
      </div>
    </li>
  );
}

/** Price and power before anything is asked for. */
function ChargeDialog({ point, onClose }: { point: PointCard; onClose(): void }) {
  const { t } = useDriverTexts();
  const formats = useFormats();
  const whyNot = useWhyNot();
  const [, navigate] = useLocation();
  const [isBusy, setBusy] = useState(false);
  const live = useCollection<PointCard>(POINTS, 'points')[point.cpId] ?? point;
  const gone = live.state === 'AVAILABLE' ? undefined : t(`state.driver.${live.state}`);
  const ask = async () => {
    setBusy(true);
    const answer = await requestSupply(point.cpId);
    setBusy(false);
    if (!answer.isOk) return say('error', errorText(t, answer));
    onClose();
    navigate('/recarga');
  };
  return (
    <Dialog title={t('driver.chargeAt', { id: point.cpId })} onClose={onClose} testId="charge-dialog">
      <p>
        {point.address}, {point.city}
      </p>
      <dl className={styles.figures}>
        <Figure name={t('figure.price')} value={formats.price(point.priceE4PerKwh)} />
        <Figure name={t('figure.maxPower')} value={formats.power(point.maxPowerW)} />
      </dl>
      <ActionButton
        variant="primary"
        size="large"
        testId="request-supply"
        isBusy={isBusy}
        blockedBy={gone ?? whyNot}
        showsReason
        onClick={() => void ask()}
      >
        {t('driver.request')}
      </ActionButton>
    </Dialog>
  );
}

function Filters({
  choice,
  zones,
  put,
}: {
  choice: PointChoice;
  zones: string[];
  put(change: Partial<PointChoice>): void;
}) {
  const { t } = useDriverTexts();
  return (
    <div className={styles.filters}>
      <Field
        label={t('driver.searchPoint')}
        type="search"
        testId="search"
        value={choice.search}
        onChange={(search) => put({ search })}
      />
      <div className={styles.filterRow}>
        <button
          type="button"
          className={styles.toggle}
          data-testid="only-available"
          aria-pressed={choice.isOnlyAvailable}
          onClick={() => put({ isOnlyAvailable: !choice.isOnlyAvailable })}
        >
          {t('driver.onlyAvailable')}
        </button>
        <select
          aria-label={t('driver.zone')}
          data-testid="zone"
          value={choice.zone}
          onChange={(event) => put({ zone: event.target.value })}
        >
          <option value="">{t('driver.allZones')}</option>
          {zones.map((zone) => (
            <option key={zone}>{zone}</option>
          ))}
        </select>
        <select
          aria-label={t('driver.sortBy')}
          data-testid="sort"
          value={choice.sort}
          onChange={(event) => put({ sort: event.target.value as Sort })}
        >
          {SORTS.map((sort) => (
            <option key={sort} value={sort}>
              {t(`driver.sort.${sort}`)}
            </option>
          ))}
        </select>
      </div>
    </div>
  );
}

const EVERYTHING: PointChoice = { search: '', isOnlyAvailable: false, zone: '', sort: 'ID' };

/** All points with their state; the start button is only where a charge can start. */
export function PointsPage() {
  const { t } = useDriverTexts();
  const hasFeed = useHasFeed(POINTS);
  const points = Object.values(useCollection<PointCard>(POINTS, 'points'));
  const [choice, setChoice] = useState<PointChoice>(EVERYTHING);
  const [asked, setAsked] = useState<PointCard>();
  const shown = choosePoints(points, choice);
  return (
    <>
      <Filters
        choice={choice}
        zones={zonesOf(points)}
        put={(change) => setChoice((before) => ({ ...before, ...change }))}
      />
      <ul className={styles.points} data-testid="points">
        {hasFeed ? null : <Skeletons count={4} />}
        {shown.map((point) => (
          <PointCardView key={point.cpId} point={point} onCharge={setAsked} />
        ))}
      </ul>
      {hasFeed && shown.length === 0 ? (
        <Empty testId="no-points">
          <p>{points.length === 0 ? t('driver.noPoints') : t('driver.noMatch')}</p>
          {points.length === 0 ? null : (
            <ActionButton onClick={() => setChoice(EVERYTHING)}>{t('driver.showAll')}</ActionButton>
          )}
        </Empty>
      ) : null}
      {asked ? <ChargeDialog point={asked} onClose={() => setAsked(undefined)} /> : null}
    </>
  );
}

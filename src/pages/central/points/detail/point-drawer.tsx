import { X } from 'lucide-react';
import { useEffect, useId, useRef } from 'react';
import { Empty } from '../../../shared/ui/parts.tsx';
import { StateBadge } from '../../../shared/ui/state-badge.tsx';
import { useCentralTexts } from '../../texts/use-texts.ts';
import { PointFlags } from '../point-words.tsx';
import type { DetailTab } from '../points-query.ts';
import { usePoint } from '../use-point.ts';
import { DataTab } from './data-tab.tsx';
import styles from './detail.module.css';
import { NowTab } from './now-tab.tsx';
import { EventsTab, SuppliesTab } from './past-tabs.tsx';
import { PointActions } from './point-actions.tsx';
import { SecurityTab } from './security-tab.tsx';
import { type Tab, Tabs } from './tabs.tsx';
import { WeatherTab } from './weather-tab.tsx';

const WIDE = '(min-width: 1024px)';

/** Beside the points where there is room, over them where there is not; Esc closes it, the focus goes back. */
function useDrawer(onClose: () => void) {
  const ref = useRef<HTMLDialogElement>(null);
  const close = useRef(onClose);
  close.current = onClose;
  useEffect(() => {
    const before = document.activeElement;
    if (matchMedia(WIDE).matches) ref.current?.show();
    else ref.current?.showModal();
    const onKey = (event: KeyboardEvent) => {
      // A question on top of the drawer is answered first.
      if (event.key === 'Escape' && !document.querySelector('dialog:modal')) close.current();
    };
    window.addEventListener('keydown', onKey);
    return () => {
      window.removeEventListener('keydown', onKey);
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);
  return ref;
}

type Props = {
  cpId: string;
  tab: DetailTab;
  onTab(tab: DetailTab): void;
  onClose(): void;
};

/** All about one point, and the orders for it (ux 3.1). */
export function PointDrawer({ cpId, tab, onTab, onClose }: Props) {
  const { t } = useCentralTexts();
  const titleId = useId();
  const ref = useDrawer(onClose);
  const { point, supply } = usePoint(cpId);
  const tabs: Tab<DetailTab>[] = point
    ? [
        { id: 'now', label: t('points.detail.now'), render: () => <NowTab point={point} supply={supply} /> },
        { id: 'supplies', label: t('points.detail.supplies'), render: () => <SuppliesTab cpId={cpId} /> },
        { id: 'events', label: t('points.detail.events'), render: () => <EventsTab cpId={cpId} /> },
        { id: 'weather', label: t('clima.nav'), render: () => <WeatherTab point={point} /> },
        { id: 'security', label: t('points.detail.security'), render: () => <SecurityTab point={point} /> },
        { id: 'data', label: t('points.detail.data'), render: () => <DataTab key={cpId} point={point} /> },
      ]
    : [];
  return (
    <dialog
      ref={ref}
      className={styles.drawer}
      aria-labelledby={titleId}
      data-testid="point-dialog"
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <header className={styles.head}>
        <h2 id={titleId}>{cpId}</h2>
        {point ? <StateBadge state={point.state} audience="panel" /> : null}
        <button type="button" className={styles.close} onClick={onClose} aria-label={t('common.close')}>
          <X size={20} aria-hidden="true" />
        </button>
      </header>
      <div className={styles.body}>
        {point ? (
          <>
            <PointFlags point={point} supply={supply} />
            <PointActions point={point} supply={supply} onDeleted={onClose} />
            <Tabs<DetailTab> label={cpId} tabs={tabs} chosen={tab} onChoose={onTab} />
          </>
        ) : (
          <Empty>{t('central.gone', { id: cpId })}</Empty>
        )}
      </div>
    </dialog>
  );
}

import { Ellipsis, Eye } from 'lucide-react';
import { type KeyboardEvent, useEffect, useId, useLayoutEffect, useRef } from 'react';
import type { PanelPoint } from '../../../messages/live-stream.ts';
import { useMay } from '../session.ts';
import { useCentralTexts } from '../texts/use-texts.ts';
import styles from './point-menu.module.css';
import { closePointMenu, togglePointMenu, useIsMenuOpen, useOpenMenu } from './point-menu-state.ts';
import { usePoint } from './use-point.ts';
import { type PointAction, usePointActions } from './use-point-actions.tsx';

const MENU_ID = 'point-menu';
const GAP_PX = 4;

/** `⋯` of one point: its orders without opening it. Who may give none has no menu. */
export function PointMenuButton({ point, tabIndex }: { point: PanelPoint; tabIndex: 0 | -1 }) {
  const { t } = useCentralTexts();
  const mayOrder = useMay('operator');
  const isOpen = useIsMenuOpen(point.cpId);
  if (!mayOrder) return null;
  const { cpId } = point;
  return (
    <button
      type="button"
      className={styles.button}
      tabIndex={tabIndex}
      aria-label={t('points.menu.of', { id: cpId })}
      title={t('points.menu.of', { id: cpId })}
      aria-haspopup="menu"
      aria-expanded={isOpen}
      aria-controls={isOpen ? MENU_ID : undefined}
      data-state={point.state}
      data-of={cpId}
      data-part="menu"
      data-testid={`menu-${cpId}`}
      onClick={(event) => togglePointMenu(cpId, event.currentTarget)}
    >
      <Ellipsis size={20} aria-hidden="true" />
    </button>
  );
}

/** Hangs the menu under its button, or over it where there is no room below. */
function place(menu: HTMLElement, button: HTMLElement): void {
  const at = button.getBoundingClientRect();
  const { width, height } = menu.getBoundingClientRect();
  const below = at.bottom + GAP_PX;
  const top = below + height > window.innerHeight ? Math.max(GAP_PX, at.top - height - GAP_PX) : below;
  const left = Math.max(GAP_PX, Math.min(at.right - width, window.innerWidth - width - GAP_PX));
  menu.style.top = `${top}px`;
  menu.style.left = `${left}px`;
}

/** Opens with the focus inside; anything else that is pointed at, scrolled or pressed closes it. */
function useOpenAt(button: HTMLElement | undefined) {
  const ref = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const menu = ref.current;
    if (!menu || !button) return;
    menu.showPopover();
    place(menu, button);
    menu.querySelector<HTMLElement>('[role="menuitem"]')?.focus({ preventScroll: true });
    return () => menu.hidePopover();
  }, [button]);
  useEffect(() => {
    if (!button) return;
    const onPointerDown = ({ target }: PointerEvent) => {
      if (!ref.current?.contains(target as Node) && !button.contains(target as Node)) closePointMenu();
    };
    window.addEventListener('pointerdown', onPointerDown, { capture: true });
    window.addEventListener('scroll', closePointMenu, { capture: true, passive: true });
    return () => {
      window.removeEventListener('pointerdown', onPointerDown, { capture: true });
      window.removeEventListener('scroll', closePointMenu, { capture: true });
    };
  }, [button]);
  return ref;
}

function walk(event: KeyboardEvent<HTMLDivElement>, button: HTMLElement | undefined): void {
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>('[role="menuitem"]')];
  const from = items.indexOf(document.activeElement as HTMLElement);
  const places: Record<string, number> = {
    ArrowDown: (from + 1) % items.length,
    ArrowUp: (from - 1 + items.length) % items.length,
    Home: 0,
    End: items.length - 1,
  };
  const to = places[event.key];
  if (to !== undefined) items[to]?.focus();
  else if (event.key === 'Escape' || event.key === 'Tab') {
    button?.focus({ preventScroll: true });
    closePointMenu();
    // Tab goes on from the button.
    if (event.key === 'Tab') return;
  } else return;
  event.preventDefault();
  event.stopPropagation();
}

function Item({ action }: { action: Omit<PointAction, 'id'> & { id: string } }) {
  const reasonId = useId();
  const { icon: Icon, blockedBy } = action;
  return (
    <button
      type="button"
      role="menuitem"
      tabIndex={-1}
      aria-disabled={blockedBy !== undefined}
      aria-describedby={blockedBy ? reasonId : undefined}
      data-testid={`menu-item-${action.id}`}
      onClick={() => {
        if (blockedBy === undefined) action.run();
      }}
    >
      <Icon size={18} aria-hidden="true" />
      <span>
        {action.label}
        {blockedBy ? <small id={reasonId}>{blockedBy}</small> : null}
      </span>
    </button>
  );
}

/** The one menu of all points (ux 3.1): view, stop or resume, end the charge, revoke the key. */
export function PointMenu({ onOpen }: { onOpen(cpId: string): void }) {
  const { t } = useCentralTexts();
  const open = useOpenMenu();
  const { point, supply } = usePoint(open?.cpId ?? '');
  const actions = usePointActions(() => undefined);
  const ref = useOpenAt(open?.button);
  useEffect(() => closePointMenu, []);
  const view = { id: 'view', label: t('points.menu.view'), icon: Eye, run: () => onOpen(point?.cpId ?? '') };
  const items = point ? [view, ...actions.of({ point, supply }).filter(({ id }) => id !== 'delete-point')] : [];
  const leave = (run: () => void) => () => {
    // What comes next (a question, the details) gives the focus back to where it was.
    open?.button.focus({ preventScroll: true });
    closePointMenu();
    run();
  };
  return (
    <>
      <div
        ref={ref}
        id={MENU_ID}
        popover="manual"
        role="menu"
        tabIndex={-1}
        aria-label={t('points.menu.of', { id: open?.cpId ?? '' })}
        className={styles.menu}
        data-testid="point-menu"
        onKeyDown={(event) => walk(event, open?.button)}
      >
        {items.map((item) => (
          <Item key={item.id} action={{ ...item, run: leave(item.run) }} />
        ))}
      </div>
      {actions.dialog}
    </>
  );
}

import { Ban, CircleX, type LucideIcon, Play, PlugZap, Square, TriangleAlert, Unplug, Wrench } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { EngineView } from '../../messages/live-stream.ts';
import type { ApiAnswer } from '../shared/api.ts';
import { useLinkLevel, useUpstream } from '../shared/live/live-store.ts';
import { ActionButton } from '../shared/ui/action-button.tsx';
import { errorText } from '../shared/ui/answer-text.ts';
import { say } from '../shared/ui/toasts.tsx';
import { ENGINE, engineActions } from './actions.ts';
import styles from './engine.module.css';
import { buttonOfKey, buttonsOf, type EngineButton } from './engine-situation.ts';
import { usePointTexts } from './texts/use-texts.ts';

const ICONS: Record<EngineButton, LucideIcon> = {
  start: Play,
  cancel: CircleX,
  plug: PlugZap,
  unplug: Unplug,
  stop: Square,
  hold: Ban,
  release: Play,
  fault: TriangleAlert,
  clearFault: Wrench,
};
const SHORTCUTS: Partial<Record<EngineButton, string>> = {
  start: 'A',
  plug: 'E',
  unplug: 'E',
  hold: 'F',
  release: 'F',
  fault: 'K',
  clearFault: 'K',
};
const CALLS: Record<EngineButton, () => Promise<ApiAnswer<unknown>>> = {
  start: engineActions.start,
  cancel: engineActions.cancel,
  plug: engineActions.plug,
  unplug: engineActions.unplug,
  stop: engineActions.stop,
  hold: () => engineActions.setOutOfService(true),
  release: () => engineActions.setOutOfService(false),
  fault: () => engineActions.setFault(true),
  clearFault: () => engineActions.setFault(false),
};

/** Why a button cannot be pressed now; undefined: it can. Only a start needs Central, all else is done by hand here. */
function useWhyNot(view: EngineView): (button: EngineButton) => string | undefined {
  const { t } = usePointTexts();
  const level = useLinkLevel();
  const upstream = useUpstream(ENGINE);
  return (button) => {
    if (level !== 'LIVE') return t('conn.actionOffline');
    if (upstream?.isEngineReachable === false) return t('error.code.ENGINE_UNREACHABLE');
    return button === 'start' && view.startBlockedBy ? t(`point.blocked.${view.startBlockedBy}`) : undefined;
  };
}

/** Keys work like the buttons, but never while somebody types. */
function useKeys(view: EngineView, press: (button: EngineButton) => void): void {
  const newest = useRef({ view, press });
  newest.current = { view, press };
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isTyping = event.target instanceof Element && event.target.closest('input, select, textarea, dialog');
      if (isTyping || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
      const button = buttonOfKey(newest.current.view, event.key);
      if (button) newest.current.press(button);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}

/** What a hand at the point can do now; the main thing largest. */
export function EngineButtons({ view }: { view: EngineView }) {
  const { t } = usePointTexts();
  const whyNot = useWhyNot(view);
  const [busy, setBusy] = useState<EngineButton>();
  const press = async (button: EngineButton) => {
    if (whyNot(button) !== undefined || busy) return;
    setBusy(button);
    const answer = await CALLS[button]();
    setBusy(undefined);
    if (!answer.isOk) say('error', errorText(t, answer));
  };
  useKeys(view, (button) => void press(button));
  return (
    <div className={`${styles.buttons} no-print`}>
      {buttonsOf(view).map((button, place) => {
        const Icon = ICONS[button];
        const shortcut = SHORTCUTS[button];
        const isMain = place === 0 && button !== 'fault';
        return (
          <div
            key={button}
            className={isMain ? styles.mainButton : button === 'fault' ? styles.faultButton : undefined}
          >
            <ActionButton
              size={isMain ? 'huge' : 'large'}
              variant={isMain ? 'primary' : 'plain'}
              testId={`engine-${button}`}
              blockedBy={whyNot(button)}
              showsReason={button === 'start'}
              isBusy={busy === button}
              {...(shortcut ? { shortcut } : {})}
              onClick={() => void press(button)}
            >
              <Icon size={isMain ? 32 : 22} aria-hidden="true" /> {t(`point.button.${button}`)}
              {shortcut ? <kbd>{shortcut}</kbd> : null}
            </ActionButton>
          </div>
        );
      })}
    </div>
  );
}

import type { PointState } from '../../domain/vocabulary.ts';
import type { EngineView } from '../../messages/live-stream.ts';

/** What the engine screen is about. */
export type Situation = 'IDLE' | 'ASKING' | 'PLUG' | 'CHARGING' | 'CLOSING' | 'OUT' | 'FAULTED' | 'ALONE';

/** State of the band: what the engine itself can vouch for, by the network's own rule (D-03). */
export function bandState(view: EngineView): PointState {
  if (!view.isMonitorPresent) return 'DISCONNECTED';
  if (view.isFaulted) return 'FAULTED';
  if (view.supply || view.phase === 'REQUESTING') return 'CHARGING';
  if (view.holds.length > 0 || view.isLocalHold || !view.isChannelUp || !view.hasKey) return 'OUT_OF_SERVICE';
  return 'AVAILABLE';
}

/** A running supply comes before everything: it is somebody's car. */
export function situationOf(view: EngineView): Situation {
  switch (view.phase) {
    case 'CHARGING':
      return 'CHARGING';
    case 'AUTHORISED':
      return 'PLUG';
    case 'REQUESTING':
    case 'ACCEPTED':
      return 'ASKING';
    case 'IDLE':
    case 'ENDED':
      break;
    default:
      return view.phase satisfies never;
  }
  if (view.supply) return 'CLOSING';
  const state = bandState(view);
  if (state === 'FAULTED') return 'FAULTED';
  if (state === 'DISCONNECTED') return 'ALONE';
  return state === 'OUT_OF_SERVICE' ? 'OUT' : 'IDLE';
}

export type EngineButton =
  | 'start'
  | 'cancel'
  | 'plug'
  | 'unplug'
  | 'stop'
  | 'hold'
  | 'release'
  | 'fault'
  | 'clearFault';

/** Buttons of a situation, the main one first. */
export function buttonsOf(view: EngineView): EngineButton[] {
  const fault: EngineButton = view.isFaulted ? 'clearFault' : 'fault';
  const hold: EngineButton = view.isLocalHold ? 'release' : 'hold';
  switch (situationOf(view)) {
    case 'CHARGING':
      return ['unplug', 'stop', fault];
    case 'PLUG':
      return ['plug', 'cancel', fault];
    case 'ASKING':
      return ['cancel', fault];
    case 'CLOSING':
      return [fault];
    default:
      return view.isLocalHold ? ['release', fault] : ['start', hold, fault];
  }
}

/** Button of a key (ux 2.9): E plug or unplug, A anonymous charge, F out of service, K fault. */
export function buttonOfKey(view: EngineView, key: string): EngineButton | undefined {
  const buttons = buttonsOf(view);
  const wanted: Record<string, EngineButton[]> = {
    e: ['plug', 'unplug'],
    a: ['start'],
    f: ['hold', 'release'],
    k: ['fault', 'clearFault'],
  };
  return wanted[key.toLowerCase()]?.find((button) => buttons.includes(button));
}

/** All reasons for which this point takes no charge, each once: from Central and from here. */
export function outReasons(view: EngineView): ('OPERATOR' | 'WEATHER' | 'LOCAL' | 'KEY_REVOKED' | 'NO_CHANNEL')[] {
  const reasons = new Set<'OPERATOR' | 'WEATHER' | 'LOCAL' | 'KEY_REVOKED' | 'NO_CHANNEL'>(view.holds);
  if (view.isLocalHold) reasons.add('LOCAL');
  else reasons.delete('LOCAL');
  if (!view.isChannelUp) reasons.add('NO_CHANNEL');
  return [...reasons];
}

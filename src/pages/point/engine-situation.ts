import type { PointState } from '../../domain/vocabulary.ts';
import type { EngineView } from '../../messages/live-stream.ts';

/** What the engine screen is about. */
export type Situation =
  | 'IDLE'
  | 'ASKING'
  | 'PLUG'
  | 'CHARGING'
  | 'CLOSING'
  | 'OUT'
  | 'FAULTED'
  | 'ALONE'
  | 'NO_CENTRAL';

/** State of the band: what the engine itself can vouch for, by the network's own rule (D-03). */
export function bandState(view: EngineView): PointState {
  if (!view.isMonitorPresent) return 'DISCONNECTED';
  if (view.isFaulted) return 'FAULTED';
  if (view.supply || view.phase === 'REQUESTING') return 'CHARGING';
  if (view.holds.length > 0 || view.isLocalHold || !view.isChannelUp || !view.hasKey) return 'OUT_OF_SERVICE';
  // Without Central it takes no charge, so it is not free (D-09).
  return view.isCentralReachable ? 'AVAILABLE' : 'OUT_OF_SERVICE';
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
  if (!view.isCentralReachable) return 'NO_CENTRAL';
  return state === 'OUT_OF_SERVICE' ? 'OUT' : 'IDLE';
}

/** A ticket stands large for half a minute, then it is the last one. */
const FRESH_TICKET_MS = 30_000;

/** The ticket that has just come, if it has. */
export function freshTicket(view: EngineView, nowMs: number): EngineView['lastTicket'] {
  const { lastTicket } = view;
  return lastTicket && !view.supply && nowMs - lastTicket.endedAtMs < FRESH_TICKET_MS ? lastTicket : undefined;
}

/** What the reader is to know of a charge that a fault or a restart ended. */
export type Aftermath = { kind: 'FAULT' | 'RESTART' | 'RESTART_UNSENT'; energyWh: number; ticketNumber?: number };

/** After a fault or a restart (ux 2.4): what became of the charge that it cut off. */
export function aftermathOf(view: EngineView): Aftermath | undefined {
  const { lastTicket } = view;
  if (!lastTicket || view.supply) return undefined;
  const { energyWh, ticketNumber, endReason, isAcknowledged } = lastTicket;
  const told = { energyWh, ...(ticketNumber === undefined ? {} : { ticketNumber }) };
  if (endReason === 'ENGINE_RESTART') return { kind: isAcknowledged ? 'RESTART' : 'RESTART_UNSENT', ...told };
  return endReason === 'FAULT' && view.isFaulted ? { kind: 'FAULT', ...told } : undefined;
}

/** Since when the engine is at fault, if its log still knows. */
export function faultSinceMs(view: EngineView): number | undefined {
  if (!view.isFaulted) return undefined;
  return view.log.findLast(({ code }) => code === 'FAULT_ON' || code === 'JOURNAL_UNWRITABLE')?.atMs;
}

export type SimulationPart = 'SPEED' | 'AUTO' | 'LINK' | 'FAULT';

/** What is simulated beyond a plain charge: said wherever figures are, so that nobody takes it for real. */
export function simulationParts(view: EngineView): SimulationPart[] {
  const { speed, autoPlugMs, autoUnplugMs, isLinkCut } = view.simulation;
  return [
    ...(speed > 1 ? (['SPEED'] as const) : []),
    ...(autoPlugMs > 0 || autoUnplugMs > 0 ? (['AUTO'] as const) : []),
    ...(isLinkCut ? (['LINK'] as const) : []),
    ...(view.faultCode === 'FAULT_KEY' ? (['FAULT'] as const) : []),
  ];
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

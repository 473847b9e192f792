import { isMonitorGone } from '../../domain/engine-start.ts';
import { amountCents } from '../../domain/tariff.ts';
import type { LogLine } from '../../io/live/activity-log.ts';
import type { EngineView } from '../../messages/live-stream.ts';
import type { EngineCore } from './engine-core.ts';

export type EngineFacts = {
  bootId: string;
  /** Undefined until the Monitor has told whose engine this is. */
  core: EngineCore | undefined;
  nowMs: number;
  isFaulted: boolean;
  faultCode: string | undefined;
  isMonitorPaired: boolean;
  isChannelUp: boolean;
  keyId: string | undefined;
  simulation: EngineView['simulation'];
  isJournalWritable: boolean;
  log: LogLine[];
};

/** What the point's page shows. */
export function engineView(facts: EngineFacts): EngineView {
  const { core, keyId, faultCode, nowMs } = facts;
  const state = core?.state;
  const blockedBy = core ? core.startBlockedBy() : 'NO_MONITOR';
  return {
    ...pointOf(core),
    bootId: facts.bootId,
    phase: phaseOf(core),
    ...supplyOf(core),
    ...(core?.lastTicket ? { lastTicket: core.lastTicket } : {}),
    ...refusalOf(core),
    isLocalHold: state?.isLocalHold ?? false,
    holds: [...(core?.holds ?? [])],
    isFaulted: facts.isFaulted,
    ...(faultCode === undefined ? {} : { faultCode }),
    isMonitorPresent: facts.isMonitorPaired && state !== undefined && !isMonitorGone(state, nowMs),
    isCentralReachable: state?.isCentralReachable ?? false,
    isChannelUp: facts.isChannelUp,
    hasKey: state?.hasKey ?? false,
    ...(keyId === undefined ? {} : { keyId }),
    isJournalWritable: facts.isJournalWritable,
    simulation: facts.simulation,
    unacknowledgedCount: state?.unacknowledged.length ?? 0,
    ...(blockedBy === undefined ? {} : { startBlockedBy: blockedBy }),
    log: facts.log,
  };
}

function pointOf(core: EngineCore | undefined): Partial<EngineView> {
  if (!core) return {};
  if (!core.point) return { cpId: core.state.cpId };
  const { cpId, zone, address, city, priceE4PerKwh, maxPowerW } = core.point;
  return { cpId, zone, address, city, priceE4PerKwh, maxPowerW };
}

function refusalOf(core: EngineCore | undefined): Partial<EngineView> {
  const last = core?.request.lastRefusal;
  if (!last) return {};
  const { code, reasons, detail } = last.refusal;
  const refusal = { code, ...(reasons ? { reasons: [...reasons] } : {}), ...(detail === undefined ? {} : { detail }) };
  return { lastRefusal: { refusal, atMs: last.atMs } };
}

function phaseOf(core: EngineCore | undefined): EngineView['phase'] {
  const current = core?.state.current;
  if (current) return current.phase;
  if (core?.request.pending) return 'REQUESTING';
  return core?.lastTicket?.isAcknowledged === false ? 'ENDED' : 'IDLE';
}

function supplyOf(core: EngineCore | undefined): Pick<EngineView, 'supply'> {
  const current = core?.state.current;
  if (!core || !current) return {};
  const { supplyId, requestId, driverId, origin, energyWh, priceE4PerKwh, authorisedAtMs, pluggedAtMs } = current;
  const isWaiting = current.phase === 'AUTHORISED' && authorisedAtMs !== undefined;
  return {
    supply: {
      ...{ supplyId, requestId, origin, energyWh, priceE4PerKwh, powerW: core.powerW },
      amountCents: amountCents(energyWh, priceE4PerKwh),
      ...(driverId === undefined ? {} : { driverId }),
      ...(isWaiting ? { plugDeadlineAtMs: authorisedAtMs + core.state.policy.plugTimeoutMs } : {}),
      ...(pluggedAtMs === undefined ? {} : { pluggedAtMs }),
      ...(current.curve === undefined ? {} : { curve: current.curve }),
    },
  };
}

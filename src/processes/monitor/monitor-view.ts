import type { LogLine } from '../../io/live/activity-log.ts';
import type { MonitorView } from '../../messages/live-stream.ts';
import type { CentralToMonitor } from '../../messages/monitor-central.ts';
import type { Credential } from './credential.ts';
import type { CentralStatus } from './report-to-central.ts';
import type { EngineStatus } from './watch-engine.ts';

/** The key as the Monitor holds it: in memory only. */
export type HeldKey = {
  key?: CentralToMonitor['install-key']['key'];
  isRevoked: boolean;
  issuedAtMs?: number;
};

export type MonitorFacts = {
  cpId: string;
  credential: Credential | undefined;
  central: CentralStatus;
  engine: EngineStatus;
  held: HeldKey;
  pointStatus: CentralToMonitor['point-status'] | undefined;
  registryCall: MonitorView['registryCall'];
  log: LogLine[];
};

/** What the Monitor's page shows; no secret is in it. */
export function monitorView(facts: MonitorFacts): MonitorView {
  const { cpId, credential, central, engine, held, pointStatus } = facts;
  const { installedKeyId, ...shownOfEngine } = engine;
  const keyId = held.key?.keyId;
  const weather = central.isConnected ? pointStatus?.weather : undefined;
  return {
    cpId,
    isRegistered: credential !== undefined,
    ...(credential ? { registeredAtMs: credential.registeredAtMs } : {}),
    central,
    engine: shownOfEngine,
    key: {
      ...(keyId === undefined ? {} : { keyId }),
      isInstalled: keyId !== undefined && installedKeyId === keyId,
      isRevoked: held.isRevoked,
      ...(held.issuedAtMs === undefined ? {} : { issuedAtMs: held.issuedAtMs }),
    },
    ...(facts.registryCall === undefined ? {} : { registryCall: facts.registryCall }),
    // What Central shows of the point; without a connection it shows it as lost.
    state: central.isConnected && pointStatus ? pointStatus.state : 'DISCONNECTED',
    holds: pointStatus?.holds ?? [],
    ...(weather === undefined ? {} : { weather }),
    log: facts.log,
  };
}

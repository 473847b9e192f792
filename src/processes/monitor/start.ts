import { openAudit } from '../../io/audit/audit.ts';
import { security, system } from '../../io/audit/audit-events.ts';
import type { Clock } from '../../io/clock.ts';
import { MessageTrace, tracedFrames } from '../../io/console/message-trace.ts';
import type { RunningProcess, Stoppable } from '../../io/lifecycle.ts';
import type { Log } from '../../io/log.ts';
import { readFileIfThere, waitForFile } from '../../io/secret-file.ts';
import { dialAddress } from '../../io/sockets/dial-address.ts';
import { startFrameClient } from '../../io/sockets/frame-client.ts';
import { startFrameServer } from '../../io/sockets/frame-server.ts';
import { ENGINE_BEATS } from '../../messages/monitor-engine.ts';
import { startMonitorApi } from './api.ts';
import type { MonitorConfig } from './config.ts';
import { attachMonitorConsole } from './console.ts';
import { fileCredentialStore } from './credential.ts';
import { type ListenForEngine, startMonitor } from './monitor.ts';
import { openRegistryDoor } from './registration.ts';

export type MonitorProcessParts = { clock: Clock; log: Log; running: RunningProcess };

/** The Monitor with its real parts: files, TLS sockets, Registry's API, its own API. */
export async function startMonitorProcess(
  config: MonitorConfig,
  { clock, log, running }: MonitorProcessParts,
): Promise<Stoppable | undefined> {
  const { cpId } = config;
  const audit = await openAudit({ component: `monitor_${cpId}`, folder: config.auditDir, log, clock });
  running.addPart('audit', audit);
  audit.record(system.started({ entity: `cp:${cpId}` }));
  const caPem = await waitForFile(config.caFile, {
    clock,
    signal: running.stopping,
    onWaiting: () => log.info({ file: config.caFile }, 'waiting for the certificate authority'),
  });
  if (caPem === undefined) return undefined;
  const trace = new MessageTrace();
  const listenForEngine: ListenForEngine = (tls, onConnection) =>
    startFrameServer({
      ...{ host: config.host, port: config.port, tls, clock },
      onConnection: tracedFrames(onConnection, 'Engine', trace),
      unacknowledgedTypes: ENGINE_BEATS,
      isAddressAllowed: (address) => isEngineAddress(config.engineAddress, address),
      limits: { maxConnections: 16, perAddressPerSecond: 20, burstPerAddress: 40 },
      onTurnedAway: ({ address, why }) =>
        audit.record(security.connectionRefused({ entity: 'engine', address }, { where: 'monitor', cause: why })),
    });
  const monitor = startMonitor(
    {
      ...{ cpId, pairingToken: config.pairingToken, healthPeriodMs: config.healthPeriodMs },
      ...{ centralLostMs: config.centralLostMs, centralAuditMs: config.centralAuditMs },
      centralAddresses: config.centralSockets.map(dialAddress),
    },
    {
      ...{ clock, log, audit, caPem, listenForEngine },
      dialCentral: (options) =>
        startFrameClient({ ...options, onConnection: tracedFrames(options.onConnection, 'Central', trace) }),
      credentials: fileCredentialStore(config.dataDir, cpId),
      registry: openRegistryDoor({ cpId, registryUrl: config.registryUrl, caPem, audit, clock }),
      enrolmentToken: () => enrolmentToken(config),
    },
  );
  running.addPart('monitor', monitor);
  const api = await startMonitorApi({ monitor, port: config.apiPort, clock, log });
  running.addPart('api', api);
  return attachMonitorConsole(api.api, { trace, log, onQuit: () => running.requestStop('key') });
}

function enrolmentToken(config: MonitorConfig): string | undefined {
  const fromFile = config.enrolmentTokenFile === '' ? undefined : readFileIfThere(config.enrolmentTokenFile)?.trim();
  return config.enrolmentToken || fromFile || undefined;
}

function isEngineAddress(allowed: string, address: string): boolean {
  const isLoopback = address === '::1' || address.startsWith('127.');
  return allowed === '*' || allowed === address || (allowed === 'localhost' && isLoopback);
}

import { newToken } from '../../io/crypto/tokens.ts';
import type { DialGate } from '../../io/sockets/dial-gate.ts';
import { createMemoryPort } from '../../io/sockets/memory-port.ts';
import { startEngine } from '../engine/engine.ts';
import type { Engine, EngineParts, EngineSettings } from '../engine/engine-parts.ts';
import type { CredentialStore } from '../monitor/credential.ts';
import { type Monitor, type MonitorParts, type MonitorSettings, startMonitor } from '../monitor/monitor.ts';
import { openRegistryDoor, type PointDescription, type RegistryDoor } from '../monitor/registration.ts';

/** What the points of a fleet share. */
export type SharedParts = Omit<EngineParts, 'dialMonitor' | 'onIdentified'> &
  Pick<MonitorParts, 'dialCentral' | 'caPem' | 'enrolmentToken'> & {
    registryUrl: string;
    /** How many may register at once. */
    registrationGate: DialGate;
  };

export type VirtualPoint = { cpId: string; monitor: Monitor; engine: Engine; stop(): Promise<void> };

/** A Monitor and an engine, the same code as in processes of their own, with memory between them. */
export function startVirtualPoint(options: {
  cpId: string;
  description: PointDescription;
  credentials: CredentialStore;
  shared: SharedParts;
  monitorSettings: Omit<MonitorSettings, 'cpId' | 'pairingToken'>;
  engineSettings: Omit<EngineSettings, 'pairingToken'>;
}): VirtualPoint {
  const { cpId, shared } = options;
  const { clock, log, audit } = shared;
  const link = createMemoryPort(`cp:${cpId}`);
  const pairingToken = newToken();
  const monitor = startMonitor(
    { ...options.monitorSettings, cpId, pairingToken },
    {
      ...{ clock, log, audit, caPem: shared.caPem, credentials: options.credentials },
      ...{ dialCentral: shared.dialCentral, enrolmentToken: shared.enrolmentToken },
      registry: gatedRegistry(options),
      listenForEngine: async (_tls, onConnection) => link.listen(onConnection),
    },
  );
  const engine = startEngine(
    { ...options.engineSettings, pairingToken },
    { ...shared, dialMonitor: (onConnection) => link.dial(onConnection) },
  );
  return {
    ...{ cpId, monitor, engine },
    async stop() {
      await Promise.all([engine.stop(), monitor.stop()]);
    },
  };
}

/** Registry's door, eight at a time (protocol 2.1); its certificate and key are not kept. */
function gatedRegistry(of: { cpId: string; description: PointDescription; shared: SharedParts }): RegistryDoor {
  const { cpId, description, shared } = of;
  const { registryUrl, caPem, audit, clock } = shared;
  const door = () => openRegistryDoor({ cpId, registryUrl, caPem, description, audit, clock });
  return {
    async register(proof) {
      const leave = await shared.registrationGate.enter();
      try {
        return { ...(await door().register(proof)), certificatePem: '', privateKeyPem: '', caPem: '' };
      } finally {
        leave();
      }
    },
    unregister: (secret) => door().unregister(secret),
  };
}

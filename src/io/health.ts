/** `liveness`: broken means restart me. `readiness`: broken means send me no work now. */
export type HealthKind = 'liveness' | 'readiness';

/** What one check says; `detail` is a short sentence without secrets. */
export type HealthState = { isOk: boolean; detail?: string };

/** The answer of `/healthz` and `/readyz`. */
export type HealthReport = {
  phase: ProcessPhase;
  isLive: boolean;
  isReady: boolean;
  checks: (HealthState & { name: string; kind: HealthKind })[];
};

/** Where the process is in its life; only a running one is ready. */
export type ProcessPhase = 'starting' | 'running' | 'stopping';

/** Named checks of one process. */
export type Health = {
  /** Asked at each report; must answer at once. A second check of a name replaces the first. */
  addCheck(name: string, kind: HealthKind, check: () => HealthState): void;
  setPhase(phase: ProcessPhase): void;
  report(): HealthReport;
};

/** An empty registry in phase `starting`. A check that throws counts as broken. */
export function createHealth(): Health {
  const checks = new Map<string, { kind: HealthKind; check: () => HealthState }>();
  let phase: ProcessPhase = 'starting';

  function ask(check: () => HealthState): HealthState {
    try {
      return check();
    } catch (error) {
      return { isOk: false, detail: error instanceof Error ? error.message : 'check failed' };
    }
  }

  return {
    addCheck: (name, kind, check) => void checks.set(name, { kind, check }),
    setPhase(next) {
      phase = next;
    },
    report() {
      const states = [...checks].map(([name, { kind, check }]) => ({ name, kind, ...ask(check) }));
      const isLive = states.every((state) => state.isOk || state.kind !== 'liveness');
      return { phase, isLive, isReady: phase === 'running' && states.every((state) => state.isOk), checks: states };
    },
  };
}

/** Figures by which a silent peer is declared lost. */
export interface LivenessPolicy {
  readonly periodMs: number;
  readonly missedPeriods: number;
}

/** A peer as a sweep sees it. */
export interface Heard {
  readonly lastHeardAtMs: number;
}

/** The watcher's own clock of sweeps: time in which its loop stood still is nobody's silence (protocol 6). */
export interface Sweep {
  readonly lastSweepAtMs: number;
  /** Sum of stood-still time so far; a peer's `heard` mark is taken on the same scale. */
  readonly stoodStillMs: number;
}

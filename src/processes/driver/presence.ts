import type { Clock } from '../../io/clock.ts';
import type { Upstream } from '../../messages/live-stream.ts';

export type Presence = {
  /** A sign of life: `central-alive`, or any message of Central's. */
  heard(): void;
  upstream(): Upstream;
  isCentralReachable(): boolean;
  lastHeardAtMs(): number;
  stop(): void;
};

export type PresenceOptions = {
  clock: Clock;
  /** Blocks starts after this long (D-09), audits CENTRAL_DISCONNECTED after `auditMs` (S-CEN-14). */
  lostMs: number;
  auditMs: number;
  isBrokerUp: () => boolean;
  onLost(): void;
  onBack(): void;
};

/** Whether Central lives, as a driver process can tell: it says so every 3 s on `Status_*`. */
export function watchCentral(options: PresenceOptions): Presence {
  const { clock } = options;
  let heardAtMs: number | undefined;
  const startedAtMs = clock.nowMs();
  let isAudited = false;
  const silentMs = () => clock.nowMs() - (heardAtMs ?? startedAtMs);
  const isCentralReachable = () => heardAtMs !== undefined && silentMs() < options.lostMs;
  const timer = clock.setRepeating(() => {
    if (isAudited || silentMs() < options.auditMs) return;
    isAudited = true;
    options.onLost();
  }, 500);
  return {
    heard() {
      heardAtMs = clock.nowMs();
      if (!isAudited) return;
      isAudited = false;
      options.onBack();
    },
    isCentralReachable,
    lastHeardAtMs: () => heardAtMs ?? 0,
    upstream: () => ({
      isCentralReachable: isCentralReachable(),
      isBrokerUp: options.isBrokerUp(),
      ...(heardAtMs === undefined ? {} : { centralSeenAtMs: heardAtMs }),
    }),
    stop: () => timer.cancel(),
  };
}

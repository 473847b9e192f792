/** Lets at most `size` handshakes be in flight. */
export type DialGate = {
  /** Resolves when there is room; call the returned function once when the handshake is over. */
  enter(): Promise<() => void>;
};

/** First come, first served. */
export function createDialGate(size: number): DialGate {
  const waiting: (() => void)[] = [];
  let inside = 0;

  function leaveOnce(): () => void {
    let hasLeft = false;
    return () => {
      if (hasLeft) return;
      hasLeft = true;
      const next = waiting.shift();
      if (next) next();
      else inside -= 1;
    };
  }

  return {
    async enter() {
      if (inside < size) inside += 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      return leaveOnce();
    },
  };
}

/** The gate of this process (protocol 6: a reconnect storm of 10,000 Monitors starves nobody). */
export const processDialGate = createDialGate(32);

/** Lets so many through at once; the others wait in order. A fleet of thousands negotiates in an orderly way. */
export class NegotiationGate {
  readonly #places: number;
  #taken = 0;
  readonly #waiting: Array<() => void> = [];

  constructor(places: number) {
    this.#places = places;
  }

  async pass<T>(work: () => Promise<T>): Promise<T> {
    if (this.#taken >= this.#places) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#taken += 1;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#taken -= 1;
    }
  }
}

/** More than Central answers within a client's patience would only make all of them late, and ask again. */
const PLACES = 32;
const gates = new WeakMap<object, NegotiationGate>();

/** The gate of everybody who shares a connection. */
export function gateOf(connection: object): NegotiationGate {
  let gate = gates.get(connection);
  if (!gate) {
    gate = new NegotiationGate(PLACES);
    gates.set(connection, gate);
  }
  return gate;
}

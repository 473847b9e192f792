/** Tells, as it goes, what is expected and what was seen; remembers what was not. */
export class DemoReport {
  readonly #say: (line: string) => void;
  #seen = 0;
  readonly #missing: string[] = [];

  constructor(say: (line: string) => void) {
    this.#say = say;
  }

  get missing(): readonly string[] {
    return this.#missing;
  }

  title(text: string): void {
    this.#say(`\n== ${text}`);
  }

  note(text: string): void {
    this.#say(`   ${text}`);
  }

  /**
   * Says what is expected, then looks until it is so. `look` returns what was seen, in words, or undefined for "not yet";
   * what it throws counts as not yet. False: it was not seen in time, which is remembered.
   */
  async expect(
    what: string,
    look: () => Promise<string | undefined> | string | undefined,
    withinMs = 60_000,
  ): Promise<boolean> {
    this.#say(`   expected: ${what}`);
    const beganMs = performance.now();
    let problem = '';
    while (performance.now() - beganMs < withinMs) {
      try {
        const seen = await look();
        if (seen !== undefined) {
          this.#seen += 1;
          this.#say(`   seen:     ${seen} (${((performance.now() - beganMs) / 1_000).toFixed(1)} s)`);
          return true;
        }
        problem = '';
      } catch (error) {
        problem = ` (${error instanceof Error ? error.message : String(error)})`;
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
    this.#missing.push(what);
    this.#say(`   NOT SEEN within ${withinMs / 1_000} s: ${what}${problem}`);
    return false;
  }

  /** The last lines; true if all was seen. */
  close(): boolean {
    const expected = this.#seen + this.#missing.length;
    this.title(`${this.#seen} of ${expected} expectations were seen`);
    for (const what of this.#missing) this.note(`not seen: ${what}`);
    return this.#missing.length === 0;
  }
}

const LOOK_EVERY_MS = 250;

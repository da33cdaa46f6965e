// The facts of all sources: a decoder of one source needs tables and names that another one reads.

import type { FactMap, FactsReading, Failure, SourceName } from '../native/native';

/** Milliseconds that the choice of channels waits for the facts of all sources; a source that hangs does without. */
const PATIENCE = 1_000;

export class Facts {
  readonly #missing: Set<SourceName>;
  readonly #gathered: Promise<void>;
  #resolveGathered!: () => void;
  #timer: NodeJS.Timeout | undefined;
  /** Of sources that had any. */
  readonly #failures = new Map<SourceName, readonly Failure[]>();

  /** Another object whenever there are more. The first reading of a fact stays: boot time moves with the wall clock. */
  current: FactMap = {};

  constructor(sources: readonly SourceName[]) {
    this.#missing = new Set(sources);
    this.#gathered = new Promise((resolve) => (this.#resolveGathered = resolve));
  }

  /** Resolves when every source has told its facts once, or after a second. */
  gathered(): Promise<void> {
    if (this.#missing.size > 0) this.#timer ??= setTimeout(this.#resolveGathered, PATIENCE).unref();
    return this.#gathered;
  }

  add(source: SourceName, { values, failures }: FactsReading): void {
    this.#missing.delete(source);
    if (this.#missing.size === 0) {
      clearTimeout(this.#timer);
      this.#resolveGathered();
    }
    if (failures.length > 0) this.#failures.set(source, failures);
    else this.#failures.delete(source);
    const more = Object.keys(values).some((name) => !(name in this.current));
    if (more) this.current = { ...values, ...this.current };
  }

  failuresOf(source: SourceName): readonly Failure[] {
    return this.#failures.get(source) ?? [];
  }

  someFailure(matches: (failure: Failure) => boolean): boolean {
    for (const failures of this.#failures.values()) if (failures.some(matches)) return true;
    return false;
  }
}

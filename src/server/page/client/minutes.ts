// The last minutes of one chart: aligned columns, with a gap where a value was not there.

/** Seconds. */
export const KEPT = 300;

export type Column = (number | null)[];

export class Minutes {
  readonly times: number[] = [];
  readonly strip: Column = [];
  readonly #columns = new Map<string, Column>();

  get names(): readonly string[] {
    return [...this.#columns.keys()];
  }

  column(name: string): Column {
    return this.#columns.get(name) ?? this.times.map(() => null);
  }

  /** The newest value; undefined where it is not there now. */
  latest(name: string): number | undefined {
    return this.#columns.get(name)?.at(-1) ?? undefined;
  }

  add(at: number, values: ReadonlyMap<string, number>, strip?: number): void {
    // A clock that was set back would make a line go back.
    if (at <= (this.times.at(-1) ?? -Infinity)) this.#clear();
    for (const name of values.keys())
      if (!this.#columns.has(name))
        this.#columns.set(
          name,
          this.times.map(() => null),
        );
    this.times.push(at);
    this.strip.push(strip ?? null);
    for (const [name, column] of this.#columns) column.push(values.get(name) ?? null);
    this.#trim(at - KEPT);
  }

  /** The columns with the highest means, highest first; of those that are always 0 none, if there are others. */
  highest(most: number): readonly string[] {
    const means = this.names.map((name) => ({ name, mean: mean(this.column(name)) }));
    return means
      .sort((a, b) => b.mean - a.mean)
      .filter(({ mean: of }, i) => i === 0 || of > 0)
      .slice(0, most)
      .map(({ name }) => name);
  }

  #trim(from: number): void {
    while (this.times.length > 0 && this.times[0]! < from) {
      this.times.shift();
      this.strip.shift();
      for (const column of this.#columns.values()) column.shift();
    }
    for (const [name, column] of this.#columns)
      if (column.every((value) => value === null)) this.#columns.delete(name);
  }

  #clear(): void {
    this.times.length = 0;
    this.strip.length = 0;
    this.#columns.clear();
  }
}

function mean(column: Column): number {
  const values = column.filter((value) => value !== null);
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

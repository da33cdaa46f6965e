// Names of what a source of rows tells: each is asked for once, when its id is first seen, and forgotten with it.

import type { NameMap } from '../decode/decoder';
import { cellAt, columnOf, rowsOf } from '../decode/rows';
import type { Channel, Source } from '../native/native';

export class Names {
  #known = new Map<number, string>();

  get known(): NameMap {
    return this.#known;
  }

  /** Learns those that `values`, just read, are the first to tell of. */
  async learn(
    source: Source,
    values: Float64Array,
    chosen: readonly Channel[],
    column: string,
  ): Promise<void> {
    const rows = rowsOf(values);
    const at = columnOf(chosen, column);
    if (rows === undefined || at < 0) return;
    const unknown: number[] = [];
    for (let row = 0; row < rows; row++) {
      const id = cellAt(values, chosen.length, row, at);
      if (!this.#known.has(id)) unknown.push(id);
    }
    if (this.#known.size + unknown.length > rows) this.#forget(values, chosen.length, rows, at);
    if (unknown.length === 0) return;
    const names = await source.names(Float64Array.from(unknown));
    unknown.forEach((id, i) => this.#known.set(id, names[i]!));
  }

  #forget(values: Float64Array, width: number, rows: number, at: number): void {
    const there = new Set<number>();
    for (let row = 0; row < rows; row++) there.add(cellAt(values, width, row, at));
    for (const id of this.#known.keys()) if (!there.has(id)) this.#known.delete(id);
  }
}

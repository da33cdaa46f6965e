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
    if (unknown.length === 0 && this.#known.size === rows) return;
    const names = unknown.length > 0 ? await source.names(Float64Array.from(unknown)) : [];
    const fresh = new Map(unknown.map((id, i) => [id, names[i]!]));
    // Another map: who still holds the reading before has its names.
    const known = new Map<number, string>();
    for (let row = 0; row < rows; row++) {
      const id = cellAt(values, chosen.length, row, at);
      known.set(id, this.#known.get(id) ?? fresh.get(id) ?? '');
    }
    this.#known = known;
  }
}

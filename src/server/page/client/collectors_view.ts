// The table of collectors: how the last reading went for each.

import { element } from './dom.js';
import { seconds } from './format.js';
import type { Collector, Reading } from './snapshot.js';

export class Collectors {
  readonly #rows = new Map<string, readonly HTMLTableCellElement[]>();

  constructor(into: HTMLElement) {
    for (const row of into.querySelectorAll<HTMLTableRowElement>('tr[data-collector]'))
      this.#rows.set(row.dataset['collector']!, [...row.cells]);
  }

  /** Undefined for an exporter that does not answer. */
  show(reading: Reading | undefined): void {
    for (const [name, [, state, , window, trouble]] of this.#rows) {
      const found = reading?.snapshot.collectors.find(({ collector }) => collector === name);
      const word = wordOf(found);
      if (state!.textContent !== word) state!.textContent = word;
      state!.dataset['state'] = word;
      window!.textContent = found?.window == null ? '' : seconds(found.window);
      const lines = found && found.supported && !found.success ? troubles(found) : [];
      if (trouble!.textContent !== lines.join(''))
        trouble!.replaceChildren(...lines.map((line) => element('p', {}, line)));
    }
  }
}

function wordOf(found: Collector | undefined): string {
  if (!found) return 'not known';
  if (!found.supported) return 'not on this Mac';
  return found.success ? 'success' : 'failed';
}

function troubles({ failures, timedOut }: Collector): readonly string[] {
  const lines = [
    ...timedOut.map((source) => `${source} did not answer in time; it is asked again when it has.`),
    ...failures.map(
      ({ source, call, code, remedy }) =>
        `${source}: ${call}${code === 0 ? '' : ` (${code})`}. Remedy: ${remedy}.`,
    ),
  ];
  return lines.length === 0 ? ['Something that every Mac has was not there.'] : [...new Set(lines)];
}

// --debug: what could not be read, each once, with the code of the OS and what can be done.

import type { Collection } from '../metrics/page';

export function tellTroubles(): (collection: Collection) => void {
  const told = new Set<string>();
  return ({ now }) => {
    const troubles = now.health.sources.flatMap(({ source, failures, timedOut }) => [
      ...(timedOut
        ? [`cannot read ${source}: no answer in time; it is not asked again until it answers`]
        : []),
      ...failures.map(
        ({ call, code, remedy }) =>
          `cannot read ${source}: ${call}${code === 0 ? '' : `, code ${code}`}; ${remedy}`,
      ),
    ]);
    for (const trouble of troubles) {
      if (told.has(trouble)) continue;
      told.add(trouble);
      console.error(`metalstat-exporter: ${trouble}`);
    }
  };
}

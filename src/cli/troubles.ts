// --debug: what could not be read, each once, with the code of the OS and what can be done.

import type { Collection } from '../metrics/page';

export function tellTroubles(): (collection: Collection) => void {
  const told = new Set<string>();
  return ({ now }) => {
    const troubles = now.health.sources.flatMap(({ source, failures, timedOut }) => [
      ...(timedOut ? [`${source}: did not answer in time`] : []),
      ...failures.map(({ call, code, remedy }) => `${source}: ${call} failed with code ${code}; ${remedy}`),
    ]);
    for (const trouble of troubles) {
      if (told.has(trouble)) continue;
      told.add(trouble);
      console.error(`metalstat-exporter: ${trouble}`);
    }
  };
}

// Sources that answer the read before again, without reading: what is left is what JavaScript does with it.

import type { Native, Source, SourceName } from '../../../src/native/native';

export class AtHand {
  readonly native: Native;
  /** Channels that are read, by source. */
  readonly channels = new Map<SourceName, number>();
  #isFrozen = false;

  constructor(native: Native) {
    const sources = Object.entries(native.sources) as [SourceName, Source][];
    const wrapped = sources.map(([name, source]) => [name, this.#wrap(name, source)] as const);
    this.native = { ...native, sources: Object.fromEntries(wrapped) as Native['sources'] };
  }

  /** Nothing is read from now on. */
  freeze(): void {
    this.#isFrozen = true;
  }

  #wrap(name: SourceName, source: Source): Source {
    let last: ReturnType<Source['read']> | undefined;
    return {
      ...source,
      select: async (which) => {
        const listing = await source.select(which);
        this.channels.set(name, listing.channels.length);
        return listing;
      },
      read: () => (this.#isFrozen && last !== undefined ? last : (last = source.read())),
    };
  }
}

// Names of apps as label values: which may be one, and what they are where names are nobody's business.

import { createHmac, randomBytes } from 'node:crypto';

export interface AppRule {
  /** How many apps have a label of their own: 1 to `MOST_LABELS`. */
  readonly top: number;
  /** Only names that match may have one, and none that matches `exclude`. */
  readonly include?: RegExp | undefined;
  readonly exclude?: RegExp | undefined;
  /** Leaders whose coalitions are split by their members' executables. */
  readonly resolve: readonly string[];
  /** Label values are keyed hashes of the names. */
  readonly anonymise: boolean;
}

/** Labels at most, those that are about to end included: a hundred apps have a thousand series. */
export const MOST_LABELS = 100;

export const DEFAULT_APP_RULE: AppRule = { top: 10, resolve: [], anonymise: false };

/** The sum of all that have no label of their own. An app that is called so is part of it. */
export const OTHER = 'other';

/** Hashes that are remembered. */
const REMEMBERED = 1_000;
/** Hexadecimal digits: two of a thousand names are the same once in half a billion Macs. */
const DIGITS = 12;

export class Labels {
  readonly #hashes = new Map<string, string>();
  #key: string | Buffer | undefined;

  /** `secret`: what the key is made of, if it is known. */
  constructor(
    private readonly rule: AppRule,
    private readonly secret: () => string | undefined,
  ) {}

  allow(name: string): boolean {
    const { include, exclude } = this.rule;
    return name !== OTHER && include?.test(name) !== false && exclude?.test(name) !== true;
  }

  of(name: string): string {
    if (!this.rule.anonymise) return name;
    let hash = this.#hashes.get(name);
    if (hash === undefined) {
      this.#key ??= this.secret() ?? randomBytes(32);
      if (this.#hashes.size >= REMEMBERED) this.#hashes.clear();
      hash = createHmac('sha256', this.#key).update(name).digest('hex').slice(0, DIGITS);
      this.#hashes.set(name, hash);
    }
    return hash;
  }
}

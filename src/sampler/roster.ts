// Who has a label of its own, and whose counters are part of `other`.
//
// Each amount is added to exactly one sum when it is observed, and never moved: the own sum of a name that has a label,
// else that of `other`. So every series is monotonic, and the sum of all rates is whole.
//
// The rule. A name's share is its part of the CPU time, GPU time, ANE time or disk traffic of all, the largest of the
// four; what is long ago counts less, half as much every three minutes. Among the largest shares, as many as there are
// places, and of 1 % or more, are the candidates.
// - A candidate without a label gets one while there is a place. For two minutes its counters rest at what they were, so
//   that rate() sees where they start; what it uses until then goes to `other`.
// - A name with a label that has been no candidate for two minutes makes place for one that is. Its counters rest for
//   two minutes more, so that nothing is lost between two scrapes; then its series end.
// - At start nobody has a share: labels go to those that have used most in their lives, and at once, as all sums begin.

/** Seconds: a new label rests before it counts, is left alone without being a candidate, rests before it ends. */
const REST = 120;
const HALF_LIFE = 180;
const LEAST_SHARE = 0.01;
/**
 * Seconds for which nothing that was seen alive is forgotten: what owns it may only have been hidden. Nor may those who
 * hold an account keep it for longer without touching it.
 */
export const KEEP = 600;
/** Names without label or process whose sums are remembered, in case they come again. */
const REMEMBERED = 1_000;
/** Names at most, whatever a build calls its programs. */
const KNOWN = 10_000;

export interface Account {
  readonly name: string;
  /** Own sums by counter, in raw units. Only what was observed while it had a label. */
  readonly sums: Float64Array;
  /** What it used lately, by counter: its shares are made of this. */
  readonly recent: Float64Array;
  /** Whether it may have a label. */
  readonly mayBeNamed: boolean;
  state: 'other' | 'resting' | 'named' | 'leaving';
  /** Seconds at which the state began, and at which it was last a candidate. */
  since: number;
  candidate: number;
  /** Seconds at which it was last seen alive. */
  seen: number;
}

export interface RosterOptions {
  /** How many counters each has. */
  readonly counters: number;
  /** The counters whose shares decide, each a group of counters that are added. */
  readonly deciding: readonly (readonly number[])[];
  /** Places. */
  readonly top: number;
  /** Labels at most, those that are about to end included. */
  readonly most: number;
  readonly mayBeNamed: (name: string) => boolean;
}

export class Roster {
  readonly #accounts = new Map<string, Account>();
  readonly #labelled = new Set<Account>();
  readonly other: Float64Array;
  #at = NaN;
  #started = false;
  #crowded = 0;

  constructor(private readonly options: RosterOptions) {
    this.other = new Float64Array(options.counters);
  }

  /** Who has a label, in no order. */
  get labelled(): readonly Account[] {
    return [...this.#labelled];
  }

  /** All that it knows, with a label, without, and remembered. */
  get everyone(): readonly Account[] {
    return [...this.#accounts.values()];
  }

  /** How many that are alive have no label: by the number of places, by the cap on labels, and by their names. */
  get dropped(): { top: number; cap: number; pattern: number } {
    const unlabelled = [...this.#accounts.values()].filter(
      (account) => this.isAlive(account) && !isLabelled(account),
    );
    const pattern = unlabelled.filter(({ mayBeNamed }) => !mayBeNamed).length;
    return { top: unlabelled.length - pattern - this.#crowded, cap: this.#crowded, pattern };
  }

  /** Starts a collection at `at`, seconds of the Mac's clock. */
  begin(at: number): void {
    const fading = Number.isNaN(this.#at) ? 1 : 2 ** (-Math.max(0, at - this.#at) / HALF_LIFE);
    this.#at = at;
    for (const account of this.#accounts.values())
      for (let i = 0; i < account.recent.length; i++) account.recent[i]! *= fading;
    for (const account of this.#labelled) {
      if (account.state === 'resting' && at - account.since >= REST) account.state = 'named';
      if (account.state === 'leaving' && at - account.since >= REST) this.#become(account, 'other');
    }
  }

  /** The account of a name that is alive in this collection. */
  account(name: string): Account {
    let account = this.#accounts.get(name);
    if (!account) {
      const { counters, mayBeNamed } = this.options;
      account = {
        name,
        sums: new Float64Array(counters),
        recent: new Float64Array(counters),
        mayBeNamed: mayBeNamed(name),
        state: 'other',
        since: NaN,
        candidate: NaN,
        seen: NaN,
      };
      this.#accounts.set(name, account);
    }
    this.touch(account);
    return account;
  }

  touch(account: Account): void {
    account.seen = this.#at;
  }

  isAlive(account: Account): boolean {
    return account.seen === this.#at;
  }

  /** Adds what was observed to one sum: without an account, to `other`. */
  credit(account: Account | undefined, counter: number, amount: number): void {
    if (account) account.recent[counter]! += amount;
    const sums = account?.state === 'named' ? account.sums : this.other;
    sums[counter]! += amount;
  }

  /** Ends a collection: labels come and go. `lives`: what each has used in its life, which decides at start. */
  end(lives: () => ReadonlyMap<Account, Float64Array>): void {
    if (this.#started) this.#change(this.#candidates(({ recent }) => recent));
    else this.#start(lives());
    this.#forget();
  }

  #start(lives: ReadonlyMap<Account, Float64Array>): void {
    if (lives.size === 0) return;
    this.#started = true;
    const candidates = this.#candidates((account) => lives.get(account));
    for (const account of candidates.slice(0, this.options.most)) this.#become(account, 'named');
  }

  #change(candidates: readonly Account[]): void {
    for (const account of candidates) account.candidate = this.#at;
    const wanting = candidates.filter(({ state }) => state === 'other' || state === 'leaving');
    const placed = [...this.#labelled].filter(({ state }) => state !== 'leaving');
    const idle = placed
      .filter(({ candidate, state }) => state === 'named' && this.#at - candidate >= REST)
      .sort((a, b) => a.candidate - b.candidate);
    let places = this.options.top - placed.length;
    this.#crowded = 0;
    for (const account of wanting) {
      if (places > 0) {
        places--;
      } else {
        const idlest = idle.shift();
        if (!idlest) break;
        this.#become(idlest, 'leaving');
      }
      if (account.state === 'other' && this.#labelled.size >= this.options.most) {
        // Its place is kept until those that leave have ended.
        if (this.isAlive(account)) this.#crowded++;
        continue;
      }
      this.#become(account, 'resting');
    }
  }

  #become(account: Account, state: Account['state']): void {
    account.state = state;
    account.since = account.candidate = this.#at;
    if (state === 'other') this.#labelled.delete(account);
    else this.#labelled.add(account);
  }

  /** The largest shares, the largest first. */
  #candidates(used: (account: Account) => Float64Array | undefined): readonly Account[] {
    const { deciding, top } = this.options;
    const totals = deciding.map(() => 0);
    for (const account of this.#accounts.values())
      for (let i = 0; i < deciding.length; i++) totals[i]! += sumOf(used(account), deciding[i]!);
    const found: { readonly account: Account; readonly share: number }[] = [];
    for (const account of this.#accounts.values()) {
      if (!account.mayBeNamed) continue;
      let share = 0;
      for (let i = 0; i < deciding.length; i++)
        share = Math.max(share, sumOf(used(account), deciding[i]!) / (totals[i]! || Infinity));
      if (share >= LEAST_SHARE) found.push({ account, share });
    }
    return found
      .sort((a, b) => b.share - a.share || (a.account.name < b.account.name ? -1 : 1))
      .slice(0, top)
      .map(({ account }) => account);
  }

  /** Who is gone and never had a label leaves nothing behind; of the others a number is remembered. */
  #forget(): void {
    const gone = [...this.#accounts.values()].filter(
      (account) => this.#at - account.seen > KEEP && !isLabelled(account),
    );
    const served = gone.filter(({ sums }) => !isNothing(sums));
    const never = gone.filter(({ sums }) => isNothing(sums));
    this.#remove(never.filter(({ recent }) => recent.every((amount) => amount < 1)));
    this.#remove(longestGone(served, served.length - REMEMBERED));
    this.#remove(longestGone(never, this.#accounts.size - KNOWN));
  }

  #remove(accounts: readonly Account[]): void {
    for (const { name } of accounts) this.#accounts.delete(name);
  }
}

const longestGone = (accounts: readonly Account[], count: number): readonly Account[] =>
  count <= 0 ? [] : [...accounts].sort((a, b) => a.seen - b.seen).slice(0, count);

const isLabelled = ({ state }: Account): boolean => state !== 'other';
const isNothing = (sums: Float64Array): boolean => sums.every((sum) => sum === 0);

function sumOf(values: Float64Array | undefined, group: readonly number[]): number {
  let sum = 0;
  if (values) for (const counter of group) sum += values[counter]!;
  return sum;
}

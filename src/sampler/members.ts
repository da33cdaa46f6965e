// A coalition whose leader says nothing, such as a shell or a CI runner, split by what its members say of themselves.
//
// What the coalition grew by is the truth; members say whose it was. They are read at another instant and may say more
// than it has grown: the rest waits for the next collection. What they do not say (of those that ended, those that may
// not be read, and the ANE's and GPU's energy) stays with the leader.

import { USAGE } from '../decode/apps';
import type { Account } from './roster';

interface Member {
  readonly account: Account;
  readonly last: Float64Array;
  collection: number;
}

export class Members {
  readonly #members = new Map<number, Member>();
  /** Said by members and not credited yet, by counter. */
  readonly #said = new Map<Account, Float64Array>();
  #collection = 0;

  begin(): void {
    this.#collection++;
  }

  /** One member's counters. `isNew`: it was not there at the last collection, so all that it used is since then. */
  take(unique: number, usage: readonly Float64Array[], row: number, account: Account, isNew: boolean): void {
    let member = this.#members.get(unique);
    const isFirst = member === undefined;
    if (!member) {
      member = { account, last: new Float64Array(USAGE.length), collection: 0 };
      this.#members.set(unique, member);
    }
    member.collection = this.#collection;
    for (let counter = 0; counter < USAGE.length; counter++) {
      const value = usage[counter]![row]!;
      if (!(value > member.last[counter]!)) continue;
      // What the whole had used before it was first seen is no growth; nor is what its members had.
      if (!isFirst || (isNew && this.#collection > 1))
        this.#saidBy(account)[counter]! += value - member.last[counter]!;
      member.last[counter] = value;
    }
  }

  /** What those who are gone have said and was not credited is the leader's. */
  end(): void {
    const alive = new Set<Account>();
    for (const [unique, { account, collection }] of this.#members)
      if (collection === this.#collection) alive.add(account);
      else this.#members.delete(unique);
    for (const account of this.#said.keys()) if (!alive.has(account)) this.#said.delete(account);
  }

  /** What those that are alive have used since they began, by counter. */
  lives(tell: (account: Account, life: Float64Array) => void): void {
    for (const { account, last } of this.#members.values()) tell(account, last);
  }

  /** Credits the members with their parts of what the coalition grew by; answers the leader's. */
  split(counter: number, grown: number, credit: (account: Account, amount: number) => void): number {
    let all = 0;
    for (const said of this.#said.values()) all += said[counter]!;
    let rest = grown;
    for (const [account, said] of this.#said) {
      const amount = all <= grown ? said[counter]! : Math.floor((said[counter]! / all) * grown);
      if (amount === 0) continue;
      said[counter]! -= amount;
      rest -= amount;
      credit(account, amount);
    }
    return rest;
  }

  #saidBy(account: Account): Float64Array {
    let said = this.#said.get(account);
    if (!said) {
      said = new Float64Array(USAGE.length);
      this.#said.set(account, said);
    }
    return said;
  }
}

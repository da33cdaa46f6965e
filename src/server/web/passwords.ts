// Who may log in. Equal work for every wrong login, a bounded queue for it, and no password kept.

import { createHmac, randomBytes } from 'node:crypto';

/** Compares off the main thread; a wrong password takes the work of `cost`. */
export type Compare = (password: string, hash: string, cost: number) => Promise<boolean>;

export type Verdict = 'right' | 'wrong' | 'busy';

export interface Login {
  readonly user: string;
  readonly password: string;
}

/**
 * Logins that wait for bcrypt, in all and from one address, and right ones that are remembered. Of one address no two wait
 * with the same name: guesses at one user do not keep out another who comes from there.
 */
const MOST_WAITING = 16;
const MOST_OF_ADDRESS = 2;
const MOST_REMEMBERED = 256;
/** Stands for the users that do not exist. Nobody knows a password for it. */
const NOBODY = '$2b$04$abcdefghijklmnopqrstuu5QhZ3OWjOCRrhGPMYOWLDBhXzPs6FWK';

export class Passwords {
  readonly #key = randomBytes(32);
  readonly #right = new Set<string>();
  readonly #running = new Map<string, Promise<boolean>>();
  /** Names by address. */
  readonly #waiting = new Map<string, Set<string>>();

  constructor(private readonly compare: Compare) {}

  get remembered(): readonly string[] {
    return [...this.#right];
  }

  async check(
    users: ReadonlyMap<string, string>,
    { user, password }: Login,
    address: string,
  ): Promise<Verdict> {
    const known = users.get(user);
    const hash = known ?? NOBODY;
    // Hex digits of one length: no user and password can be put together to those of another (CVE-2022-46146).
    const key = createHmac('sha256', this.#key).update(`${user}\0${hash}\0${password}`).digest('hex');
    if (this.#right.has(key)) return 'right';
    // The same login at the same time is one piece of work.
    let running = this.#running.get(key);
    if (!running) {
      if (this.#running.size >= MOST_WAITING || !this.#enter(user, address)) return 'busy';
      running = this.compare(password, hash, costOf(users)).finally(() => {
        this.#running.delete(key);
        this.#leave(user, address);
      });
      this.#running.set(key, running);
    }
    const equal = (await running) && known !== undefined;
    if (equal) this.#remember(key);
    return equal ? 'right' : 'wrong';
  }

  /** Whether or not the user exists: that nobody shall learn. */
  #enter(user: string, address: string): boolean {
    const names = this.#waiting.get(address) ?? new Set();
    if (names.size >= MOST_OF_ADDRESS || names.has(user)) return false;
    this.#waiting.set(address, names.add(user));
    return true;
  }

  #leave(user: string, address: string): void {
    const names = this.#waiting.get(address)!;
    names.delete(user);
    if (names.size === 0) this.#waiting.delete(address);
  }

  #remember(key: string): void {
    this.#right.add(key);
    if (this.#right.size > MOST_REMEMBERED) this.#right.delete(this.#right.values().next().value!);
  }
}

const costOf = (users: ReadonlyMap<string, string>): number =>
  Math.max(...[...users.values()].map((hash) => Number(hash.slice(4, 6))));

/** Of `Authorization: Basic …`; undefined for what is none, such as bytes that are not UTF-8. */
export function loginOf(header: string | undefined): Login | undefined {
  const encoded = /^basic +([\w+/=-]+)$/i.exec(header ?? '')?.[1];
  if (encoded === undefined) return undefined;
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
      Buffer.from(encoded, 'base64'),
    );
    const colon = text.indexOf(':');
    if (colon < 0) return undefined;
    return { user: text.slice(0, colon), password: text.slice(colon + 1) };
  } catch {
    return undefined;
  }
}

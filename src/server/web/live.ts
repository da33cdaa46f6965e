// The configuration in use: read anew when a file of it changes. A broken new one keeps the old one.

import { statSync } from 'node:fs';
import { readWebConfig, type WebConfig } from './config';
import { WebConfigError } from './place';

/** Milliseconds between two looks at the files. They are looked at only when somebody comes. */
const PAUSE = 1_000;

export class LiveConfig {
  /** Whether the last reading of the files went well. */
  lastSuccess: boolean | undefined = true;
  #current: WebConfig;
  #stamps: ReadonlyMap<string, string> = new Map();
  #looked: number;

  /** Throws a WebConfigError where the file is wrong from the start. */
  constructor(
    private readonly file: string,
    private readonly complain: (line: string) => void,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.#current = this.#read();
    this.#current.remarks.forEach(complain);
    this.#looked = now();
  }

  /** The newest that can be used. */
  get(): WebConfig {
    const now = this.now();
    if (now - this.#looked >= PAUSE) {
      this.#looked = now;
      if ([...this.#stamps].some(([file, stamp]) => stampOf(file) !== stamp)) this.#reload();
    }
    return this.#current;
  }

  #reload(): void {
    try {
      const next = this.#read();
      this.#refuse(next);
      this.#current = next;
      this.lastSuccess = true;
    } catch (error) {
      this.lastSuccess = false;
      this.complain(`${(error as Error).message}; the old configuration stays in use`);
    }
  }

  /** What a running server cannot change. */
  #refuse(next: WebConfig): void {
    if (!next.tls !== !this.#current.tls)
      throw new WebConfigError(
        `${this.file}: tls_server_config: TLS is switched on and off by a restart only`,
      );
    // The names of apps are told because a password is asked for.
    if (next.users.size === 0 && this.#current.users.size > 0)
      throw new WebConfigError(
        `${this.file}: basic_auth_users: passwords are switched off by a restart only`,
      );
  }

  #read(): WebConfig {
    // Each is stamped before it is read: what changes meanwhile is seen the next time.
    const stamps = new Map<string, string>();
    try {
      return readWebConfig(this.file, (file) => stamps.set(file, stampOf(file)));
    } finally {
      this.#stamps = stamps;
    }
  }
}

function stampOf(file: string): string {
  const stat = statSync(file, { throwIfNoEntry: false, bigint: true });
  return stat ? `${stat.ino}:${stat.size}:${stat.mtimeNs}:${stat.ctimeNs}` : 'none';
}

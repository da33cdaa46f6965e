// launchctl: what is loaded, loading and unloading it. It tells little but exit codes; what they mean is from
// `launchctl error`, and from what projects reported that install services.

import { StartError } from '../../exporter';
import { ask, type Answer, type Host } from './host';
import { LABEL, type Scope } from './places';

export interface Loaded {
  readonly pid: number | undefined;
  readonly state: string;
  readonly lastExit: string | undefined;
}

/** Seconds and times to wait: launchd gives what it ends 20 s. */
const STEP = 0.25;
const STEPS = 120;
const TRIES = 4;

/** Of bootout: no such process, in progress, no such service. */
const GOING = [3, 36, 113];
/** Of bootstrap: an input/output error, or in progress, is mostly that the copy before has not quite gone. */
const RACE = [5, 37];

const REMEDIES: Readonly<Record<number, string>> = {
  1: 'it is not permitted; run it with sudo, or for a service of your own with --user and without sudo',
  5: 'launchd did not take it; try again, and see what it says with: log show --last 5m --predicate \'process == "launchd"\'',
  112: 'there is no such session; log in, or install it for the whole Mac, without --user',
  113: 'launchd does not know it; install it again',
  119: 'it was disabled; allow it with: launchctl enable DOMAIN',
  125: 'there is no such session; log in, or install it for the whole Mac, without --user',
  134: 'it belongs into another session; install it again in this one',
};

/** gui/UID is there while the user is logged in at the screen, user/UID also for who came by ssh. */
export async function domainsOf(scope: Scope, host: Host): Promise<readonly [string, ...string[]]> {
  if (scope === 'system') return ['system'];
  const domains = [`gui/${host.uid}`, `user/${host.uid}`] as const;
  const { code } = await ask(host, 'launchctl', 'print', domains[0]);
  return code === 0 ? domains : [domains[1], domains[0]];
}

export class Launchd {
  readonly #target: string;

  constructor(
    private readonly host: Host,
    readonly domain: string,
  ) {
    this.#target = `${domain}/${LABEL}`;
  }

  /** Undefined if it is not loaded. */
  async look(): Promise<Loaded | undefined> {
    const { code, text } = await this.#ask('print', this.#target);
    if (code !== 0) return undefined;
    const of = (name: string) => new RegExp(`^\\s*${name} = (.+)$`, 'm').exec(text)?.[1];
    const pid = Number(of('pid'));
    // Else it says "(never exited)".
    const lastExit = /^\d.*/.exec(of('last exit code') ?? '')?.[0];
    return { pid: pid > 0 ? pid : undefined, state: of('state') ?? 'unknown', lastExit };
  }

  /** Returns when it is gone; it goes on for a while after bootout, and a bootstrap in that time fails. */
  async unload(): Promise<boolean> {
    if (!(await this.look())) return false;
    const answer = await this.#ask('bootout', this.#target);
    const isGoing = answer.code === 0 || GOING.includes(answer.code);
    for (let step = 0; step < STEPS; step++) {
      if (!(await this.look())) return true;
      if (!isGoing) throw this.#failure('bootout', answer);
      await this.host.pause(STEP);
    }
    throw new StartError(
      `the service does not end; see launchctl print ${this.#target}, end it, and try again`,
    );
  }

  async load(plist: string): Promise<void> {
    for (let tries = 1; ; tries++) {
      const answer = await this.#ask('bootstrap', this.domain, plist);
      if (answer.code === 0) break;
      if (!RACE.includes(answer.code) || tries === TRIES) throw this.#failure('bootstrap', answer);
      if (await this.look()) break;
      await this.host.pause(1);
    }
    const answer = await this.#ask('kickstart', this.#target);
    if (answer.code !== 0) throw this.#failure('kickstart', answer);
  }

  #ask(...args: readonly string[]): Promise<Answer> {
    return ask(this.host, 'launchctl', ...args);
  }

  #failure(command: string, { code, text }: Answer): StartError {
    const remedy = REMEDIES[code]?.replace('DOMAIN', this.#target) ?? 'see launchctl error';
    const said = text.split('\n', 1)[0]!;
    return new StartError(
      `launchctl ${command} ${this.#target} failed with code ${code} (${said}): ${remedy}`,
    );
  }
}

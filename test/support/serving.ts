// The command, serving a machine file.

import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultPlan } from './exporter';
import { ask, type Answer, type Ask } from './http';
import { MAIN, Process, script, type ProcessOptions } from './command';
import type { Control } from './scripts/control';

export interface ServeOptions extends ProcessOptions {
  /** Gives the test the controls of the double; the plan holds from the start. */
  readonly plan?: FaultPlan;
  /** Another copy of the command. */
  readonly main?: string;
}

export class Serving extends Process {
  #url = '';

  constructor(args: readonly string[], { env, node = [], plan, main = MAIN, ...rest }: ServeOptions = {}) {
    super(main, ['serve', ...args], {
      ...rest,
      env: { ...env, ...(plan && { TEST_PLAN: JSON.stringify(plan) }) },
      node: plan ? [...node, '-r', script('control')] : node,
    });
  }

  /** The first address it listens on. */
  get url(): string {
    return this.#url;
  }

  get port(): number {
    return Number(new URL(this.#url).port);
  }

  async listening(): Promise<this> {
    const [, where] = await this.until(/^Listening on (\S+)/m);
    this.#url = where!.replace(/(:\d+)\/.*$/, '$1');
    return this;
  }

  async ready(): Promise<this> {
    await this.listening();
    while ((await this.get('/-/ready')).status !== 200) await sleep(10);
    return this;
  }

  get(path: string, options?: Ask): Promise<Answer> {
    return ask(this.#url + path, options);
  }

  control(control: Omit<Control, 'calls' | 'plan'> & { readonly plan?: FaultPlan }): void {
    const { plan, ...rest } = control;
    this.send({ ...rest, ...(plan && { plan: JSON.stringify(plan) }) } satisfies Control);
  }

  calls(): Promise<Record<string, number>> {
    return this.ask({ calls: true } satisfies Control);
  }
}

/** Serves the machine file that is played off a Mac, on a free port. */
export const serve = (args: readonly string[] = [], options?: ServeOptions): Serving =>
  new Serving(['--machine', 'any', '--web.listen-address', '127.0.0.1:0', ...args], options);

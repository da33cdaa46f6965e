// Our own sums of what apps use: from rows of coalitions, processes and GPU clients to counters by app that never fall,
// though all three come and go. Where each is seen for the first time is its baseline.

import { USAGE, type Coalitions, type GpuClients, type Processes, type Timebase } from '../decode/apps';
import { ANE, COUNTERS, DECIDING, GPU, MAY_BE_DEAD } from './app_counters';
import { Clients, type Owner } from './clients';
import { Labels, MOST_LABELS, type AppRule } from './labels';
import { Members } from './members';
import { KEEP, Roster, type Account } from './roster';

/** What was read; of what was not, or not in time, nothing. */
export interface Rows {
  readonly coalitions: Coalitions | undefined;
  readonly processes: Processes | undefined;
  readonly gpuClients: GpuClients | undefined;
}

interface Coalition {
  /** Undefined until a member has been seen. */
  account: Account | undefined;
  /** Set where its members are apps of their own. */
  members: Members | undefined;
  last: Float64Array | undefined;
  /** Seconds. */
  seen: number;
}

export class Accumulator {
  readonly apps: Roster;
  readonly programs: Roster;
  readonly labels: Labels;
  /** Counters that this Mac has. */
  readonly counted = new Set<number>();
  /** Bytes by app, as the last reading of the processes had it; NaN where one of them could not be read. */
  readonly footprints = new Map<Account, number>();
  timebase: Timebase = { numer: 1, denom: 1 };
  /** Ticks of all coalitions. */
  aneWork = 0;
  readonly #resolved: ReadonlySet<string>;
  readonly #coalitions = new Map<number, Coalition>();
  readonly #clients: Clients;
  #taken: Rows = { coalitions: undefined, processes: undefined, gpuClients: undefined };
  #newestProcess = Infinity;

  /** `secret`: what the names are hashed with where they shall not be told. */
  constructor(rule: AppRule, secret: () => string | undefined) {
    this.labels = new Labels(rule, secret);
    this.#resolved = new Set(rule.resolve);
    const shared = {
      top: rule.top,
      most: MOST_LABELS,
      mayBeNamed: (name: string) => this.labels.allow(name),
    };
    this.apps = new Roster({ ...shared, counters: COUNTERS, deciding: DECIDING });
    this.programs = new Roster({ ...shared, counters: 1, deciding: [[0]] });
    this.#clients = new Clients(this.apps, GPU, this.programs);
  }

  /** Whether any process was ever seen: without one, nobody knows whose a GPU client is. */
  get knowsProcesses(): boolean {
    return this.#newestProcess !== Infinity;
  }

  /** Takes in what a collection has read, each reading once. */
  take(rows: Rows): void {
    const processes = rows.processes === this.#taken.processes ? undefined : rows.processes;
    const coalitions = rows.coalitions === this.#taken.coalitions ? undefined : rows.coalitions;
    const gpuClients = rows.gpuClients === this.#taken.gpuClients ? undefined : rows.gpuClients;
    const at = Math.max(processes?.at ?? -1, coalitions?.at ?? -1, gpuClients?.at ?? -1);
    if (at < 0) return;
    this.#taken = rows;
    this.apps.begin(at);
    this.programs.begin(at);
    if (processes) this.#takeProcesses(processes, at);
    if (coalitions) this.#takeCoalitions(coalitions, at);
    if (gpuClients) this.#clients.take(gpuClients, processes, (row) => this.#ownerOf(processes!, row));
    this.#clients.settle(at);
    this.#settle(at);
    this.apps.end(() => this.#lives());
    this.programs.end(() => lifeOf(this.#clients.lives(({ program }) => program)));
  }

  #takeProcesses(part: Processes, at: number): void {
    this.#name(part, at);
    this.footprints.clear();
    const newest = this.#newestProcess;
    let latest = newest === Infinity ? -1 : newest;
    for (const { members } of this.#coalitions.values()) members?.begin();
    for (let row = 0; row < part.pids.length; row++) {
      const coalition = this.#coalitions.get(part.coalitions[row]!);
      const account = this.#appOf(part, row);
      const unique = part.uniques[row]!;
      latest = Math.max(latest, unique);
      if (!account) continue;
      this.footprints.set(account, (this.footprints.get(account) ?? 0) + part.footprints[row]!);
      coalition?.members?.take(unique, part.usage, row, account, unique > newest);
    }
    for (const { members } of this.#coalitions.values()) members?.end();
    this.#newestProcess = latest;
  }

  /** A coalition is named after its oldest member, once and for all. */
  #name(part: Processes, at: number): void {
    const oldest = new Map<Coalition, number>();
    for (let row = 0; row < part.pids.length; row++) {
      const id = part.coalitions[row]!;
      if (Number.isNaN(id)) continue;
      const coalition = this.#coalition(id, at);
      if (coalition.account) continue;
      const first = oldest.get(coalition);
      if (first === undefined || part.uniques[row]! < part.uniques[first]!) oldest.set(coalition, row);
    }
    for (const [coalition, row] of oldest) {
      const name = programOf(part, row);
      if (name === '') continue;
      coalition.account = this.apps.account(name);
      if (this.#resolved.has(name)) coalition.members = new Members();
    }
  }

  #takeCoalitions({ ids, usage, timebase }: Coalitions, at: number): void {
    this.timebase = timebase;
    for (let counter = 0; counter < USAGE.length; counter++) {
      if (Number.isNaN(usage[counter]![0]!)) this.counted.delete(counter);
      else if (!MAY_BE_DEAD.has(counter)) this.counted.add(counter);
    }
    for (let row = 0; row < ids.length; row++) {
      const coalition = this.#coalition(ids[row]!, at);
      const { last } = coalition;
      coalition.last ??= new Float64Array(USAGE.length);
      for (let counter = 0; counter < USAGE.length; counter++) {
        const value = usage[counter]![row]!;
        if (!(value > (last?.[counter] ?? 0))) continue;
        if (MAY_BE_DEAD.has(counter)) this.counted.add(counter);
        if (last) this.#credit(coalition, counter, value - last[counter]!);
        coalition.last[counter] = value;
      }
    }
  }

  #credit({ account, members }: Coalition, counter: number, grown: number): void {
    if (counter === ANE) this.aneWork += grown;
    const rest = members
      ? members.split(counter, grown, (member, amount) => this.apps.credit(member, counter, amount))
      : grown;
    this.apps.credit(account, counter, rest);
  }

  #coalition(id: number, at: number): Coalition {
    let coalition = this.#coalitions.get(id);
    if (!coalition) {
      coalition = { account: undefined, members: undefined, last: undefined, seen: at };
      this.#coalitions.set(id, coalition);
    }
    coalition.seen = at;
    return coalition;
  }

  #settle(at: number): void {
    for (const [id, { account, seen }] of this.#coalitions) {
      if (account && seen === at) this.apps.touch(account);
      if (at - seen > KEEP) this.#coalitions.delete(id);
    }
  }

  /** The app of a process: its coalition, or where that is split itself. */
  #appOf(part: Processes, row: number): Account | undefined {
    const coalition = this.#coalitions.get(part.coalitions[row]!);
    if (!coalition?.members) return coalition?.account;
    const name = programOf(part, row);
    return name === '' ? coalition.account : this.apps.account(name);
  }

  #ownerOf(part: Processes, row: number): Owner {
    const name = programOf(part, row);
    return { app: this.#appOf(part, row), program: name === '' ? undefined : this.programs.account(name) };
  }

  /** What apps have used since they began, by counter. */
  #lives(): ReadonlyMap<Account, Float64Array> {
    const lives = lifeOf(
      this.#clients.lives(({ app }) => app),
      GPU,
    );
    const add = (account: Account, used: Float64Array) => {
      const life = lives.get(account) ?? new Float64Array(COUNTERS);
      lives.set(account, life);
      used.forEach((value, counter) => (life[counter]! += value));
    };
    for (const { account, members, last } of this.#coalitions.values()) {
      if (!account || !last) continue;
      const rest = Float64Array.from(last);
      members?.lives((member, used) => {
        add(member, used);
        used.forEach((value, counter) => (rest[counter] = Math.max(0, rest[counter]! - value)));
      });
      add(account, rest);
    }
    return lives;
  }
}

/** The last component of an executable's path. */
function programOf({ names, uniques }: Processes, row: number): string {
  const executable = names.get(uniques[row]!) ?? '';
  return executable.slice(executable.lastIndexOf('/') + 1);
}

/** As counters, the only one of which is not 0 is the last. */
function lifeOf(amounts: ReadonlyMap<Account, number>, counter = 0): Map<Account, Float64Array> {
  return new Map(
    [...amounts].map(([account, amount]) => {
      const life = new Float64Array(counter + 1);
      life[counter] = amount;
      return [account, life];
    }),
  );
}

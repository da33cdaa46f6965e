// GPU time by the user clients of the driver, one for each context of a process: own sums of the process and its app.
//
// A client's id is never used again and ids only grow, so one that is newer than all that were there before has begun
// since: all its time counts. What it uses between its last reading and its end is lost.

import type { GpuClients, Processes } from '../decode/apps';
import { KEEP, type Account, type Roster } from './roster';

/** Whose a process is. */
export interface Owner {
  readonly app: Account | undefined;
  readonly program: Account | undefined;
}

interface Client {
  readonly isNew: boolean;
  /** NaN if it does not tell. */
  pid: number;
  /** The collection in which it was first seen. */
  readonly first: number;
  /** Undefined until its process has been found. */
  owner: Owner | undefined;
  /** By entry, nanoseconds. */
  readonly last: number[];
  /** Grown while the owner was not known. */
  pending: number;
  searches: number;
  collection: number;
  seen: number;
}

const NOBODY: Owner = { app: undefined, program: undefined };

export class Clients {
  readonly #clients = new Map<number, Client>();
  #newest = Infinity;
  #collection = 0;

  constructor(
    private readonly apps: Roster,
    private readonly appCounter: number,
    private readonly programs: Roster,
  ) {}

  /** `processes`, if they were read in this collection; `ownerOf` one of their rows. */
  take(part: GpuClients, processes: Processes | undefined, ownerOf: (row: number) => Owner): void {
    this.#collection++;
    const newest = this.#newest;
    let latest = newest === Infinity ? -1 : newest;
    for (let row = 0; row < part.ids.length; row++) {
      const id = part.ids[row]!;
      const client = this.#client(id, id > newest, part.at);
      client.pid = part.pids[row]!;
      latest = Math.max(latest, id);
      this.#takeEntry(client, part.indices[row]!, part.nanoseconds[row]!);
    }
    this.#newest = latest;
    if (processes) this.#search(processes, ownerOf);
    for (const { owner, collection } of this.#clients.values()) {
      if (!owner || collection !== this.#collection) continue;
      if (owner.app) this.apps.touch(owner.app);
      if (owner.program) this.programs.touch(owner.program);
    }
  }

  /** At the end of every collection, whether clients were read or not. */
  settle(at: number): void {
    for (const [id, client] of this.#clients) {
      const { owner, pending } = client;
      const isOver = at - client.seen > KEEP;
      if (isOver) this.#clients.delete(id);
      if (pending === 0 || (!owner && !isOver)) continue;
      client.pending = 0;
      this.apps.credit(owner?.app, this.appCounter, pending);
      this.programs.credit(owner?.program, 0, pending);
    }
  }

  /** Nanoseconds since each client began, by whom: `of` picks the account of an owner. */
  lives(of: (owner: Owner) => Account | undefined): Map<Account, number> {
    const lives = new Map<Account, number>();
    for (const { owner, last } of this.#clients.values()) {
      const account = owner && of(owner);
      if (account)
        lives.set(
          account,
          last.reduce((sum, value) => sum + value, lives.get(account) ?? 0),
        );
    }
    return lives;
  }

  #client(id: number, isNew: boolean, at: number): Client {
    let client = this.#clients.get(id);
    if (!client) {
      client = {
        isNew,
        pid: NaN,
        first: this.#collection,
        owner: undefined,
        last: [],
        pending: 0,
        searches: 0,
        collection: 0,
        seen: at,
      };
      this.#clients.set(id, client);
    }
    client.collection = this.#collection;
    client.seen = at;
    return client;
  }

  #takeEntry(client: Client, index: number, value: number): void {
    if (Number.isNaN(index) || Number.isNaN(value)) return;
    // An entry that comes later began at 0 in a client that was there without it.
    const counts = client.isNew || client.first !== this.#collection;
    const last = client.last[index] ?? (counts ? 0 : value);
    client.last[index] = value;
    if (value > last) client.pending += value - last;
  }

  #search({ pids }: Processes, ownerOf: (row: number) => Owner): void {
    let rows: Map<number, number> | undefined;
    for (const client of this.#clients.values()) {
      if (client.owner || client.collection !== this.#collection) continue;
      rows ??= new Map(Array.from(pids, (pid, row) => [pid, row]));
      const row = rows.get(client.pid);
      // One that began after the processes were read is found the next time.
      if (row !== undefined) client.owner = ownerOf(row);
      else if (++client.searches > 1) client.owner = NOBODY;
    }
  }
}

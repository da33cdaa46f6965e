// A Mac with many times the channels: more dies of the same kind, more sensors. No such Mac is made; every one of its
// channels is read and decoded as those of a real one are.

import type { ChannelSet, Machine } from '../support/machines';

/** Registry ids of drivers are far below. */
const NEW_DRIVERS = 2 ** 36;
const DIE = /\bDIE_(\d+)/g;

export function widened(machine: Machine, times: number): Machine {
  const { ioreport = [], hid = [] } = machine;
  const dies = 1 + Math.max(0, ...namesOf(ioreport).flatMap(diesIn));
  const copies = Array.from({ length: times }, (_, i) => i);
  return {
    ...machine,
    ioreport: copies.flatMap((copy) => ioreport.map((set) => ofAnotherDie(set, copy, dies))),
    hid: copies.flatMap((copy) =>
      hid.map((service) => ({
        ...service,
        id: service.id + copy * hid.length * 0x1000,
        product: service.product === null || copy === 0 ? service.product : `${service.product} ${copy}`,
      })),
    ),
  };
}

function ofAnotherDie(set: ChannelSet, copy: number, dies: number): ChannelSet {
  if (copy === 0) return set;
  const renamed = (name: string) => name.replace(DIE, (_, die: string) => `DIE_${Number(die) + copy * dies}`);
  const [id, name] = set.driver;
  return {
    ...set,
    driver: [id + copy * NEW_DRIVERS, renamed(name)],
    channels: set.channels.map(([channel, name, ...values]) => [
      channel!,
      renamed(name as string),
      ...values,
    ]),
  };
}

const namesOf = (sets: readonly ChannelSet[]): string[] =>
  sets.flatMap(({ channels }) => channels.map(([, name]) => name as string));

const diesIn = (name: string): number[] => [...name.matchAll(DIE)].map(([, die]) => Number(die));

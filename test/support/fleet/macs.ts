// Who is in a fleet: every machine file in turn, and days; no two at the same point of its life.

import { factsOf, machineOfDay } from '../../machines/build/day';
import { serialize } from '../../../src/cli/record/serialize';
import type { MachineFile } from '../../../src/exporter';
import { HISTORY_MACS, phasesOf } from '../history/macs';
import { machineNames, machineText, type Machine } from '../machines';

/** Seconds of a day, and between two of its frames. */
const DAY = 3600;
const FRAMES_EVERY = 60;

export interface FleetMac {
  readonly host: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Index into the plays: what many Macs may play. */
  readonly play: number;
  /** Seconds of its file that had passed when it was started. */
  readonly ahead: number;
}

interface Play {
  /** A sentence that begins with what kind of Mac it is. */
  readonly about: () => string;
  readonly make: () => MachineFile;
}

const PLAYS: readonly Play[] = [
  ...machineNames.map((name) => ({
    about: () => (JSON.parse(machineText(name)) as Machine).about,
    make: () => ({ name, text: machineText(name) }),
  })),
  ...HISTORY_MACS.map((mac) => ({
    about: () => factsOf(mac.machine).title,
    make: () => {
      const { name, file } = machineOfDay(factsOf(mac.machine), {
        phases: phasesOf(mac, DAY),
        every: FRAMES_EVERY,
        ...(mac.charge && { charge: mac.charge }),
      });
      return { name, text: serialize(file) };
    },
  })),
];
const made = new Map<number, MachineFile>();

/** A day is composed when it is first asked for. */
export function machineOf(play: number): MachineFile {
  const file = made.get(play) ?? PLAYS[play]!.make();
  made.set(play, file);
  return file;
}

const KINDS = /^(MacBook Air|MacBook Neo|MacBook Pro|Mac mini|Mac Studio|virtual machine)/;
const kindOf = ({ about }: Play): string => {
  const [, kind] = KINDS.exec(about()) ?? [];
  if (kind === undefined) throw new Error(`no kind of Mac is known for this one: ${about()}`);
  return kind.toLowerCase().replaceAll(' ', '-');
};

const PER_RACK = 20;
const SITES = ['north', 'south', 'west'];
/** Multiples of it, less their whole part, never come together. */
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** The first so many Macs. */
export function fleetOf(count: number): FleetMac[] {
  const kinds = new Map<number, string>();
  const numbers = new Map<string, number>();
  return Array.from({ length: count }, (_, n) => {
    const play = n % PLAYS.length;
    const kind = kinds.get(play) ?? kindOf(PLAYS[play]!);
    kinds.set(play, kind);
    const number = (numbers.get(kind) ?? 0) + 1;
    numbers.set(kind, number);
    const rack = Math.floor(n / PER_RACK);
    return {
      host: `${kind}-${String(number).padStart(3, '0')}.farm.example`,
      labels: {
        site: SITES[rack % SITES.length]!,
        rack: `r${String(rack + 1).padStart(2, '0')}`,
        ...(kind.startsWith('macbook') && { sleeps: 'true' }), // its absence is no alert
      },
      play,
      ahead: Math.floor(DAY * ((n * GOLDEN) % 1)),
    };
  });
}

// The keys of the SMC: a real Mac's temperatures, moved a little by the workload; fans; watts.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Draw } from './draw';
import type { Entry, Facts, Fan, Smc, SmcKey, Workload } from './types';
import { at, vary } from './workload';

const ENTRY = 4294967700;
/** Temperatures near this are kept below it: chips throttle there. */
const HOTTEST = 104;
const RISE = 0.7; // of the way there, at full load

/** The services of class AppleSMC. On a Mac the one named AppleSMCKeysEndpoint opens (vladkens/macmon). */
export function smcEntries(facts: Facts): Entry[] {
  if (facts.smc === undefined) return [];
  const entry = (id: number, name: string): Entry => ({
    id,
    class: [name, 'AppleSMC', 'IOService'],
    name,
    properties: {},
  });
  return [
    ...(facts.smc.decoy ? [entry(ENTRY - 1, 'AppleSMCSensorDispatcher')] : []),
    entry(ENTRY, 'AppleSMCKeysEndpoint'),
  ];
}

export function smc(facts: Facts, workload: Workload, drawn: Draw): Smc | undefined {
  if (facts.smc === undefined) return undefined;
  const keys = [
    ...temperatures(facts, facts.smc.dump, workload, drawn),
    ...watts(facts, workload, drawn),
    ...fans(facts.smc.fans, facts, workload, drawn),
  ];
  return { entry: ENTRY, keys: keys.sort(([a], [b]) => (a < b ? -1 : 1)) };
}

/** `KEY type hex` lines of a file in smc/. */
export function dumped(name: string): SmcKey[] {
  const lines = readFileSync(join(__dirname, 'smc', `${name}.txt`), 'utf8').split('\n');
  return lines
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [key = '', type = '', hex = ''] = line.split(' ');
      return [key, type.padEnd(4), hex];
    });
}

function temperatures(facts: Facts, dump: string, workload: Workload, { heat }: Draw): SmcKey[] {
  return dumped(dump)
    .filter(([key]) => facts.battery !== undefined || !isOfLaptop(key))
    .map(([key, type, hex = '']): SmcKey => {
      const share = key.startsWith('Tg') ? heat.gpu : isOfCores(key) ? heat.cpu : undefined;
      const celsius = type === 'flt ' ? Buffer.from(hex, 'hex').readFloatLE() : NaN;
      if (workload.asDumped || share === undefined || !(celsius < HOTTEST) || isSentinel(celsius))
        return [key, type, hex];
      const values = share.map((load, frame) =>
        float(
          celsius +
            (HOTTEST - celsius) * RISE * load * vary(0.2, workload.name, key.slice(0, 1), String(frame)),
        ),
      );
      return [key, type, ...values];
    });
}

/** Not the palm rest and the charger, which have letters of the same row. */
const isOfCores = (key: string) => /^T[pefsC]/.test(key) && !/^(Ts[01O]P|TCHP)$/.test(key);

/** What the SMC answers for a sensor that is switched off or calibrates: never moved. */
const isSentinel = (celsius: number) =>
  celsius < 15 || celsius === 40 || Math.abs(celsius - 51.85) < 0.001 || Math.abs(celsius - 77.42) < 0.01;

/** The keys of the pack, its gas gauge and the palm rest; a desktop built from a laptop's keys has none. */
const isOfLaptop = (key: string) => /^TB\dT$|^TG\d[BCHV]$|^Ts[01]P$/.test(key);

function watts(facts: Facts, workload: Workload, drawn: Draw): SmcKey[] {
  const onBattery = workload.supply?.source === 'battery';
  const of = {
    PSTR: () => drawn.system,
    PHPC: () => drawn.cpu.map((value, frame) => value + at(drawn.gpu, frame) + at(drawn.rails, frame)),
    PDTR: () => drawn.system.map((value) => (onBattery ? 0 : value * 1.04 + charging(workload))),
    PPBR: () => drawn.system.map((value) => (onBattery ? value * 1.01 : 0 - charging(workload))),
  };
  return (facts.smc?.power ?? []).map((key) => [
    key,
    'flt ',
    ...series(of[key]().map((value, frame) => value * vary(0.05, workload.name, 'watts', String(frame)))),
  ]);
}

/** Watts that go into the battery. */
export const charging = ({ supply }: Workload) =>
  supply?.charging ? 24 * (1.2 - at([supply.charge].flat(), 0)) : 0;

function fans(all: readonly Fan[] | undefined, facts: Facts, workload: Workload, { heat }: Draw): SmcKey[] {
  if (all === undefined) return [];
  const share = workload.fans ?? heat.soc;
  return [
    ['FNum', 'ui8 ', byte(all.length)],
    ...all.flatMap(({ min, max }, n): SmcKey[] => {
      const target = share.map((part) => speed(min, max, part, facts.battery !== undefined));
      const actual = target.map((rpm, frame) =>
        rpm === 0 ? 0 : Math.min(max, rpm * vary(0.006, workload.name, String(n), String(frame))),
      );
      return [
        [`F${n}Ac`, 'flt ', ...series(actual)],
        [`F${n}Md`, 'ui8 ', byte(0)],
        [`F${n}Mn`, 'flt ', float(min)],
        [`F${n}Mx`, 'flt ', float(max)],
        [`F${n}Tg`, 'flt ', ...series(target)],
      ];
    }),
  ];
}

/** A laptop's fans stand still while it is cool. */
const speed = (min: number, max: number, share: number, isLaptop: boolean) =>
  isLaptop && share < 0.06 ? 0 : Math.round(min + (max - min) * Math.min(1, share));

const series = (values: readonly number[]) => {
  const hex = values.map(float);
  return hex.every((value) => value === hex[0]) ? hex.slice(0, 1) : hex;
};

const byte = (value: number) => value.toString(16).padStart(2, '0');

function float(value: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return bytes.toString('hex');
}

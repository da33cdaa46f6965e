// The part of check.ts for the sections beside IOReport: SMC, HID, battery, memory traffic, Metal, the clock.
import { dumped } from './smc';
import type { Channel, Entry, Facts, Int, MachineFile, Report, SmcKey, Value, Workload } from './types';
import { at } from './workload';

type Need = (holds: boolean, what: string) => void;

export function checkSensors(file: MachineFile, facts: Facts, workload: Workload, need: Need): void {
  sleepIsNeverUndone(file, need);
  if (file.smc) keysHold(file.smc.keys, facts, workload, need);
  if (file.hid) servicesAreTold(file, need);
  agentsAddUp(file, need);
  labelsRise(file, need);
  packAddsUp(file, facts, need);
  metalFits(file, facts, need);
}

const listed = <T>(value: T | readonly T[]): readonly T[] =>
  Array.isArray(value) ? (value as readonly T[]) : [value as T];

const frames = (file: MachineFile) => file.clock.absolute.map((_, frame) => frame);
const constants = (celsius: number) =>
  celsius < 15 || [40, 51.85, 77.42].some((constant) => Math.abs(celsius - constant) < 1e-4);

function sleepIsNeverUndone({ clock }: MachineFile, need: Need): void {
  const slept = clock.continuous.map((ticks, frame) => ticks - at(clock.absolute, frame));
  slept.forEach((ticks, frame) => need(ticks >= (slept[frame - 1] ?? 0), `sleep falls in frame ${frame}`));
}

/** Ascending, well formed; nothing said about a sensor that is switched off; fans within their range. */
function keysHold(keys: readonly SmcKey[], facts: Facts, workload: Workload, need: Need): void {
  keys.forEach(([key, type, ...hex], n) => {
    need(key.length === 4 && type.length === 4, `${key}: name or type of a wrong length`);
    need(n === 0 || at(keys, n - 1)[0] < key, `${key} is not in the order of the keys`);
    need(
      hex.every((value) => value.length === at(hex, 0).length),
      `${key}: bytes of several lengths`,
    );
  });
  const known = new Map(keys.map((key) => [key[0], key]));
  for (const [key, type, hex = ''] of facts.smc ? dumped(facts.smc.dump) : []) {
    const [, , ...now] = known.get(key) ?? ['', '', hex];
    const fixed = (workload.asDumped ?? false) || (type === 'flt ' && constants(float(hex)));
    need(!fixed || (now.length === 1 && now[0] === hex), `${key} is not as it was read from a Mac`);
  }
  const numbers = (key: string) => (known.get(key)?.slice(2) ?? []).map(float);
  (facts.smc?.fans ?? []).forEach(({ max }, fan) =>
    numbers(`F${fan}Ac`).forEach((rpm) => need(rpm >= 0 && rpm <= max, `fan ${fan} turns ${rpm} times`)),
  );
  numbers('PSTR').forEach((watts) => need(watts > 0 && watts < 500, `PSTR is ${watts} W`));
}

const float = (hex: string) => Buffer.from(hex, 'hex').readFloatLE();

function servicesAreTold(file: MachineFile, need: Need): void {
  const registry = (entries: readonly Entry[]): number[] =>
    entries.flatMap(({ id, children }) => [id, ...registry(children ?? [])]);
  const ids = [...registry(file.ioregistry), ...(file.hid ?? []).map(({ id }) => id)];
  need(new Set(ids).size === ids.length, 'two entries of the registry share an id');
  for (const { product, value } of file.hid ?? [])
    for (const celsius of listed<number | null>(value))
      need(celsius === null || celsius < 110, `${product} is at ${celsius} °C`);
}

const valueAt = ([, , ...values]: Channel, frame: number) => values[frame] ?? values[0];

/** What AMC's agents move at the memory (their channels with DCS) is its totals. */
function agentsAddUp(file: MachineFile, need: Need): void {
  const amc = file.ioreport.filter(({ group }) => group === 'AMC Stats').flatMap(({ channels }) => channels);
  for (const frame of frames(file)) {
    const bytes = (wanted: RegExp) => {
      const values = amc.filter(([, name]) => wanted.test(name)).map((row) => valueAt(row, frame));
      return values.every((value) => value === null)
        ? null
        : values.reduce<bigint>((all, value) => all + BigInt(value as Int), 0n);
    };
    for (const way of ['RD', 'WR']) {
      const [agents, total] = [bytes(new RegExp(`. DCS ${way}$`)), bytes(new RegExp(`^DCS ${way}$`))];
      need(agents === total, `DCS ${way} is ${total} in frame ${frame}, its agents are ${agents}`);
    }
    need(bytes(/^DCS$/) === bytes(/^DCS (RD|WR)$/), `DCS is not what is read and written in frame ${frame}`);
  }
}

function labelsRise(file: MachineFile, need: Need): void {
  const isHistogram = ({ subgroup }: Report) => subgroup === 'DCS BW' || subgroup === 'AF BW';
  for (const { states = [], channels } of file.ioreport.filter(isHistogram)) {
    const labels = states.map((state) => Number(/^ *(\d+)GB\/s$/.exec(state)?.[1]));
    need(
      labels.every((label, n) => label > (labels[n - 1] ?? 0)),
      `bins ${labels.join()}`,
    );
    for (const [, name] of channels) need(/ (RD|WR|RD\+WR)$/.test(name), `${name}: which way?`);
  }
}

function packAddsUp(file: MachineFile, facts: Facts, need: Need): void {
  const pack = file.ioregistry.find(({ name }) => name === 'AppleSmartBattery')?.properties;
  need((pack === undefined) === (facts.battery === undefined), 'a battery is in the wrong kind of Mac');
  if (pack === undefined) return;
  const { dict } = pack['PowerTelemetryData'] as { dict: Readonly<Record<string, Value>> };
  const signed = (value: Value | undefined) =>
    Number(BigInt.asIntN(64, BigInt(at(listed(value as Int | readonly Int[]), 0))));
  const [powerIn, load, into] = ['SystemPowerIn', 'SystemLoad', 'BatteryPower'].map((key) =>
    signed(dict[key]),
  );
  need(load === (powerIn ?? 0) - (into ?? 0), `${load} mW of load, ${powerIn} in, ${into} into the battery`);
  need(signed(pack['CurrentCapacity']) <= signed(pack['MaxCapacity']), 'charged above the maximum');
  need(signed(pack['AppleRawCurrentCapacity']) <= signed(pack['AppleRawMaxCapacity']), 'fuller than full');
  need(pack['ExternalConnected'] === true || pack['IsCharging'] === false, 'charging from nothing');
  need(Math.sign(signed(pack['Amperage'])) === Math.sign(into ?? 0), 'current and power differ in direction');
}

function metalFits(file: MachineFile, facts: Facts, need: Need): void {
  for (const { recommendedMaxWorkingSetSize } of file.metal?.devices ?? [])
    for (const size of listed<Int>(recommendedMaxWorkingSetSize))
      need(Number(size) > facts.bytes / 2 && Number(size) < facts.bytes, `Metal recommends ${size} bytes`);
}

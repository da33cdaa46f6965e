import { isList, type Machine } from './machine';
import { series } from './series';
import { smcValues } from './smc';

/** A sensor's value at an instant. `part` is what is switched off together; undefined for what never is. */
export interface Sensor {
  readonly name: string;
  /** The second of a name is `PMU tdie1 #2`. */
  readonly label: string;
  readonly celsius: number;
  readonly part?: string | undefined;
}

export type Reason = 'below_15' | 'above_130' | 'parked' | 'calibration';
const REASONS: readonly Reason[] = ['below_15', 'above_130', 'parked', 'calibration'];

/** What a switched-off cluster reads, in the dumps of an M3 Max, an M4 Pro and an M4 Max in dkorunic/iSMC. */
const PARKED = 40;

/** Values that are no temperatures, and why; sensors are looked at together. */
export function rejections(sensors: readonly Sensor[]): ReadonlyMap<Sensor, Reason> {
  const at40 = sensors.filter(({ celsius }) => celsius === PARKED);
  const reason = ({ name, celsius, part }: Sensor): Reason | undefined => {
    const together = at40.filter((other) => part !== undefined && other.part === part);
    if (celsius === PARKED && together.length > 1) return 'parked';
    // PMU tcal and TR0Z stand at 51.85, Tf06 of an M2 Ultra at 77.42 (vladkens/macmon #17).
    if (/(^|[ \d])(tcal|TR0Z)$/.test(name)) return 'calibration';
    if ([51.85, 77.42].some((constant) => Math.abs(celsius - constant) < 0.005)) return 'calibration';
    // Nothing real lies between 8.4 and 21 (oshi/oshi #3531).
    if (celsius < 15) return 'below_15';
    return celsius > 130 ? 'above_130' : undefined;
  };
  return new Map(
    sensors.flatMap((sensor) => {
      const why = reason(sensor);
      return why ? [[sensor, why]] : [];
    }),
  );
}

const COMPONENTS: readonly (readonly [prefix: RegExp, component: string])[] = [
  // TCMb is the hottest of CPU and GPU.
  [/^TC/, 'soc'],
  [/^T[ep]/, 'cpu'],
  [/^Tg/, 'gpu'],
  [/^Tm/, 'memory'],
  [/^TH/, 'storage'],
  [/^TB/, 'battery'],
  [/^Ta/, 'airflow'],
  [/^TW/, 'wireless'],
];
const componentOf = (key: string): string => COMPONENTS.find(([prefix]) => prefix.test(key))?.[1] ?? '';
const NEVER_OFF: ReadonlySet<string> = new Set(['storage', 'battery', 'airflow', 'wireless']);

/** Some keys that begin with T are counts or flags. */
const DEGREES: ReadonlySet<string> = new Set(['flt ', 'sp78', 'ioft']);

export const smcSensors = (machine: Machine, ticks: bigint): Sensor[] =>
  [...smcValues(machine, ticks)]
    .filter(([key, { type }]) => key.startsWith('T') && DEGREES.has(type))
    .map(([name, { value }]): Sensor => {
      const component = componentOf(name);
      return {
        name,
        label: name,
        celsius: value,
        part: NEVER_OFF.has(component)
          ? undefined
          : /^T[CVep]/.test(name)
            ? 'cpu'
            : component || name.slice(0, 2),
      };
    });

/** Temperature services that have a name and, at this instant, an event. */
export function hidSensors(machine: Machine, ticks: bigint): Sensor[] {
  const times = new Map<string, number>();
  return (machine.file.hid ?? []).flatMap(({ page, usage, product: name, value }) => {
    if (page !== 0xff00 || usage !== 5 || name === null) return [];
    const nth = (times.get(name) ?? 0) + 1;
    times.set(name, nth);
    const celsius = isList(value) ? machine.gauge(value, ticks) : value;
    return celsius === null ? [] : [{ name, label: nth === 1 ? name : `${name} #${nth}`, celsius }];
  });
}

/** On M1 also the sensors that are named after the parts of the die. */
const ON_DIE = /(^| )tdie\d+$|(^| )SOC Die Temp Sensor\d+$|(^| )MTR Temp Sensor\d+$/;

const valid = (sensors: readonly Sensor[]): Sensor[] => {
  const rejected = rejections(sensors);
  return sensors.filter((sensor) => !rejected.has(sensor));
};

function hottest(sensors: readonly Sensor[]): number | undefined {
  return sensors.length > 0 ? Math.max(...sensors.map(({ celsius }) => celsius)) : undefined;
}

export function* temperatureGauges(machine: Machine, ticks: bigint): Generator<[string, number]> {
  const smc = smcSensors(machine, ticks);
  const found = {
    mac_soc_temperature_celsius: hottest(
      valid(hidSensors(machine, ticks).filter(({ name }) => ON_DIE.test(name))),
    ),
    mac_gpu_temperature_celsius: hottest(valid(smc.filter(({ name }) => name.startsWith('Tg')))),
    // The driver's own Temperature may be in 1/100 °C or 1/10 K: threads disagree, the SMC does not.
    mac_battery_temperature_celsius: hottest(
      valid(
        smc.filter(({ name }) => /^TB[0-2]T$/.test(name)).map((sensor) => ({ ...sensor, part: undefined })),
      ),
    ),
  };
  for (const [family, value] of Object.entries(found)) if (value !== undefined) yield [family, value];
}

/** --collector.thermal.sensors=all, and what it rejects. */
export function* sensorGauges(machine: Machine, ticks: bigint): Generator<[string, number]> {
  const [smc, hid] = [smcSensors(machine, ticks), hidSensors(machine, ticks)];
  const rejected = new Map([...rejections(smc), ...rejections(hid)]);
  for (const sensor of [...smc, ...hid]) {
    const { name, label, celsius } = sensor;
    const component = smc.includes(sensor) ? componentOf(name) : ON_DIE.test(name) ? 'soc' : '';
    if (!rejected.has(sensor))
      yield [series('mac_temperature_celsius', { sensor: label, component }), celsius];
  }
  for (const reason of smc.length + hid.length > 0 ? REASONS : []) {
    const count = [...rejected.values()].filter((other) => other === reason).length;
    yield [series('metalstat_exporter_sensors_rejected', { reason }), count];
  }
}

export interface Range {
  readonly least: number;
  readonly greatest: number;
}

/**
 * Which key is which core differs from chip to chip, but the hottest core is some Te or Tp key. TCMb is no core's: in
 * dkorunic/iSMC's dumps of an idle M2 Max and M4 Pro it equals a Tg key to the bit.
 */
export function cpuRange(machine: Machine, ticks: bigint): Range | undefined {
  const used = valid(smcSensors(machine, ticks))
    .filter(({ name }) => /^T[ep]/.test(name))
    .map(({ celsius }) => celsius);
  return used.length > 0 ? { least: Math.min(...used), greatest: Math.max(...used) } : undefined;
}

/** What a role of a component may show: each is the value of one of its keys. */
export const valuesOf = (machine: Machine, component: string, ticks: bigint): ReadonlySet<number> =>
  new Set(
    valid(smcSensors(machine, ticks))
      .filter(({ name }) =>
        component === 'enclosure' ? name.startsWith('Ts') : componentOf(name) === component,
      )
      .map(({ celsius }) => celsius),
  );

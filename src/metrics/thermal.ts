import type { Temperatures } from '../decode/temperatures';
import { family } from './metric';

export const SENSORS_OPTION = 'collector.thermal.sensors';
export const SENSORS = ['roles', 'all', 'none'] as const;
export const DEFAULT_SENSORS = `${SENSORS_OPTION}=roles`;

const DROPPED = 'Values that are no temperatures are dropped: see metalstat_exporter_sensors_rejected.';

export const thermalFamilies = [
  family({
    name: 'mac_soc_temperature_celsius',
    kind: 'gauge',
    unit: 'celsius',
    labels: [],
    help: `Hottest of the sensors on dies that macOS itself lists, the same on every chip. It is no hotspot: under load cores are 15 to 20 degrees above it. ${DROPPED} From HID temperature services, PMU tdie and their like.`,
    collector: 'thermal',
    from: ['dieTemperature'],
    read: ({ dieTemperature }, emit) => emit(hottest(dieTemperature, 'soc')),
  }),
  family({
    name: 'mac_cpu_temperature_celsius',
    kind: 'gauge',
    unit: 'celsius',
    labels: [],
    help: `Hottest CPU core. Clusters that are switched off have no temperature. ${DROPPED} From SMC keys Tp and Te.`,
    collector: 'thermal',
    from: ['temperatures'],
    read: ({ temperatures }, emit) => emit(hottest(temperatures, 'cpu')),
  }),
  family({
    name: 'mac_gpu_temperature_celsius',
    kind: 'gauge',
    unit: 'celsius',
    labels: [],
    help: `Hottest sensor of the GPU. ${DROPPED} From SMC keys Tg.`,
    collector: 'thermal',
    from: ['temperatures'],
    read: ({ temperatures }, emit) => emit(hottest(temperatures, 'gpu')),
  }),
  family({
    name: 'mac_temperature_celsius',
    kind: 'gauge',
    unit: 'celsius',
    labels: ['sensor', 'component'],
    help: `Hottest sensor of each role. With --${SENSORS_OPTION}=all every SMC key and HID service instead, with none nothing. ${DROPPED} From SMC keys that begin with T.`,
    collector: 'thermal',
    from: ['temperatures'],
    option: DEFAULT_SENSORS,
    read: ({ temperatures }, emit) => emitAll(temperatures, emit),
  }),
  family({
    name: 'mac_temperature_celsius',
    kind: 'gauge',
    unit: 'celsius',
    labels: ['sensor', 'component'],
    help: `Every temperature sensor. ${DROPPED} From SMC keys that begin with T, and HID temperature services.`,
    collector: 'thermal',
    from: [],
    also: ['allTemperatures', 'allHidTemperatures'],
    option: `${SENSORS_OPTION}=all`,
    read({ allTemperatures, allHidTemperatures }, emit) {
      emitAll(allTemperatures, emit);
      emitAll(allHidTemperatures, emit);
    },
  }),
  family({
    name: 'mac_thermal_pressure_level',
    kind: 'gauge',
    unit: '',
    labels: [],
    help: 'How hard macOS holds the Mac back to keep it cool: 0 nominal, 1 moderate, 2 heavy, 3 trapping, 4 sleeping. From notify com.apple.system.thermalpressurelevel.',
    collector: 'thermal',
    from: ['thermalPressure'],
    read: ({ thermalPressure }, emit) => emit(thermalPressure.state),
  }),
] as const;

/** Undefined where no sensor of the component gave a valid value. */
function hottest({ labels, celsius }: Temperatures, component: string): number | undefined {
  let highest: number | undefined;
  for (let i = 0; i < labels.length; i++)
    if (labels[i]!.component === component && celsius[i]! > (highest ?? -Infinity)) highest = celsius[i];
  return highest;
}

function emitAll(
  part: Temperatures | undefined,
  emit: (value: number | undefined, sensor: string, component: string) => void,
): void {
  part?.labels.forEach(({ sensor, component }, i) => emit(part.celsius[i], sensor, component));
}

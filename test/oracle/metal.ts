import { integer, type Machine } from './machine';

/** Either way to the device may be empty in a daemon or over SSH. */
function device(machine: Machine) {
  const { metal } = machine.file;
  return metal && (metal.default || metal.listed) ? metal.devices[0] : undefined;
}

/** MTLGPUFamilyMetal4 and MTLGPUFamilyMetal3 of Metal's public header. */
const FAMILIES: readonly (readonly [number: number, name: string])[] = [
  [5002, 'Metal 4'],
  [5001, 'Metal 3'],
];

export const metalFamily = (machine: Machine): string =>
  FAMILIES.find(([number]) => device(machine)?.families.includes(number))?.[1] ?? '';

/**
 * Metal is asked at start and when the wired limit changes. So a file whose advice moves at other times has no truth
 * for this gauge.
 */
export function* metalGauges(machine: Machine, ticks: bigint): Generator<[string, number]> {
  const size = device(machine)?.recommendedMaxWorkingSetSize;
  const bytes = size === undefined ? 0n : integer(machine.gauge(size, ticks));
  if (bytes > 0n) yield ['mac_metal_recommended_max_bytes', Number(bytes)];
}

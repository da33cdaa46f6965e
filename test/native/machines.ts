// Machines on which all that the sources say is held: cut down, but of every kind.

import { machineOf, reduced, type Json, type Machine } from '../support/machines';

interface Named {
  readonly name: string;
  readonly machine: Machine;
}

const CUT_DOWN = [
  'Macmini9,1__m1__15.6__mixed',
  'Mac14,14__m2-ultra__15.2__mixed',
  'Mac16,8__m4-pro__27.0__battery',
  'Mac17,6__m5-max__27.0__mixed',
  'VirtualMac2,1__vm__15.5__compile',
];

/** A key of each type of the SMC, of types with another size, and keys that are no numbers or cannot be read. */
const SMC_KEYS: Json[][] = [
  ['Fbad', 'ui32', '0102'],
  ['Ffl_', 'flag', '01'],
  ['Fhex', 'hex_', '010203'],
  ['Fi16', 'si16', 'feff'],
  ['Fi32', 'si32', 'fdffffff'],
  ['Fio_', 'ioft', '0080010000000000'],
  ['Fnon', 'ui8 ', null],
  ['Fsi8', 'si8 ', '85'],
  ['Fu16', 'ui16', '3412'],
  ['Fu32', 'ui32', '78563412'],
  ['Gzzz', 'ui8 ', '07'],
  ['TB1T', 'flt ', '0000c041'],
  ['Te01', 'sp78', 'e680'],
  ['Tp01', 'fpe2', '0123'],
];
/** The kernel cuts names by bytes, in the middle of a character too. */
const NAMES = ['a'.repeat(14), 'a'.repeat(13), 'a'.repeat(12), 'a'.repeat(11)].flatMap((start) => [
  `${start}é`,
  `${start}€`,
  `${start}😀`,
]);

/** One of each chip's oddities that no machine file has, or not at once. */
function odd(sorted: boolean): Machine {
  const machine = reduced(machineOf('Mac17,6__m5-max__27.0__mixed'));
  const [client] = machine.ioregistry!.flatMap(({ children = [] }) => children);
  const gpu = machine.ioregistry!.find(({ children }) => children?.includes(client!))!;
  const creators: Json[] = ['', 'pid', 'pid x, y', 'pid 12', 'nobody', true];
  gpu.children!.push(
    ...creators.map((creator, i) => ({
      ...client!,
      id: 9000 + i,
      properties: {
        ...client!.properties,
        IOUserClientCreator: creator,
        ...(i === 5 && { AppUsage: { list: [] } }),
      },
    })),
  );
  const [process] = machine.libproc!.processes;
  machine.libproc!.processes.push(
    ...NAMES.map((comm, i) => ({ ...process!, pid: 9000 + i, unique: 90_000 + i, path: null, comm })),
  );
  const [sensor] = machine.hid!;
  machine.hid!.push(
    { ...sensor!, id: 1 },
    { ...sensor!, id: 9001, product: null },
    { ...sensor!, id: 9002, value: null },
  );
  machine.smc = {
    ...machine.smc!,
    keys: sorted ? SMC_KEYS : [...SMC_KEYS.slice(7), ...SMC_KEYS.slice(0, 7)],
    ...(!sorted && { sorted }),
  };
  return machine;
}

/** In the order in which they are most likely to show a difference. */
export const valueMachines = (): Named[] => [
  { name: 'odd', machine: odd(true) },
  ...CUT_DOWN.map((name) => ({ name, machine: reduced(machineOf(name)) })),
  { name: 'odd__unsorted', machine: odd(false) },
];

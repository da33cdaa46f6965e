// Machines on which all that the sources say is held: cut down, but of every kind.

import { machineOf, reduced, type Machine } from '../support/machines';

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

export const valueMachines = (): Named[] =>
  CUT_DOWN.map((name) => ({ name, machine: reduced(machineOf(name)) }));

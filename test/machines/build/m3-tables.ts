// The DVFS tables of the M3 family. ../README.md says where each was published.
import type { Processor } from './dvfs';
import { periods, table, times } from './registry';
import type { Table, Value } from './types';
import { at } from './workload';

// mysticflounder/debian-m3-ultra: the properties of a Mac15,14 as read, macOS 27.0
export const M3_ULTRA = {
  E: {
    sram: table(
      '00f7cb3c16030000009aad4e2003000000fa906548030000005a747c7f03000000d50e94de03000000921099de030000',
    ),
    plain: table(
      'fafa00006c020000f0c10000990200003c960000d50200009a7a00001b0300000f6700008e030000b063000098030000',
    ),
  },
  P: {
    sram: table(
      '009916411603000000ebd250200300000007215f2a030000008f4b70480300000017768166030000004e7b9084030000' +
        '00feec9b9d03000000ae5ea7b6030000004319b2d403000000a265bbe803000000e6fac3f7030000000fd9cb1a040000' +
        '00e791d138040000006e25d53804000000da01d838040000009703dd3804000000394ee13804000000f64fe638040000' +
        '00ce08ecb004000000a6c1f1b0040000',
    ),
    plain: table(
      '6eea000099020000cabc0000ad02000066a00000bc020000e1870000df020000dd750000020300009c69000025030000' +
        'db610000480300002b5b00006b030000ad550000840300006c510000a7030000db4d0000c0030000da4a0000ed030000' +
        'cf480000150400009647000015040000a3460000150400000a45000015040000b943000015040000404200001f040000' +
        'a54000005b0400001d3f00005b040000',
    ),
  },
};
/** The second cluster, which needs other voltages, and the same three tables for the second die. */
export const M3_ULTRA_P1 = {
  sram: table(
    '009916411603000000ebd250200300000007215f2a030000008f4b70480300000017768166030000004e7b9084030000' +
      '00feec9b9d03000000ae5ea7b6030000004319b2d403000000a265bbe303000000e6fac3f7030000000fd9cb1a040000' +
      '00e791d138040000006e25d53804000000da01d838040000009703dd3804000000394ee13804000000f64fe638040000' +
      '00ce08ecb004000000a6c1f1b0040000',
  ),
  plain: table(
    '6eea000099020000cabc0000b202000066a00000c6020000e1870000e4020000dd750000020300009c69000020030000' +
      'db610000430300002b5b000066030000ad5500007f0300006c510000a7030000db4d0000c0030000da4a0000e3030000' +
      'cf480000010400009647000001040000a3460000010400000a45000001040000b943000001040000404200000b040000' +
      'a5400000470400001d3f000047040000',
  ),
};
export const M3_ULTRA_DIE_1: Record<string, Value> = {
  'voltage-states33': {
    data: 'fafa000067020000f0c10000990200003c960000df0200009a7a0000250300000f67000093030000b06300009d030000',
  },
  'voltage-states37': {
    data:
      '6eea000094020000cabc0000ad02000066a00000c1020000e1870000e4020000dd750000070300009c6900002a030000' +
      'db610000480300002b5b000066030000ad5500007a0300006c510000a7030000db4d0000c5030000da4a0000f2030000' +
      'cf480000150400009647000015040000a3460000150400000a45000015040000b943000015040000404200001f040000' +
      'a54000005b0400001d3f00005b040000',
  },
  'voltage-states45': {
    data:
      '6eea000094020000cabc0000a802000066a00000b2020000e1870000da020000dd750000020300009c6900002a030000' +
      'db6100004d0300002b5b000070030000ad550000890300006c510000a7030000db4d0000bb030000da4a0000e8030000' +
      'cf4800000b040000964700000b040000a34600000b0400000a4500000b040000b94300000b0400004042000015040000' +
      'a5400000510400001d3f000051040000',
  },
};
/** Bytes of a record: a domain, not a table, and what selects it. Domain 2 are the E cores, whose table is 1. */
export const ACC_CLUSTERS = ['0200', '0501', '0d02', '0208', '0509', '0d0a'].map((id) => id.padEnd(16, '0'));
/** No clocks, only voltages: of the memory controllers. */
export const TABLE_2 = '010000007602000001000000b202000001000000f802000001000000570300000100000098030000';

/** From clocks in MHz: tables with the voltages that an M3 Ultra's cores have at such clocks. */
function processor(mhz: readonly number[], { sram, plain }: Processor): Processor {
  const volts = ({ mv }: Table) =>
    mhz.map((value) => {
      const hz = value * 1e6;
      const above = sram.raw.findIndex((clock) => clock >= hz);
      if (above <= 0) return at(mv, above === 0 ? 0 : mv.length - 1);
      const [low, high] = [at(sram.raw, above - 1), at(sram.raw, above)];
      const rise = (at(mv, above) - at(mv, above - 1)) * ((hz - low) / (high - low));
      return Math.round((at(mv, above - 1) + rise) / 5) * 5;
    });
  const withClocks = { raw: times(mhz, 1e6), mv: volts(sram) };
  return { sram: withClocks, plain: periods(withClocks, mhz, volts(plain)) };
}

const E_TO_2268 = [744, 1044, 1476, 2004, 2268];
const P_1092_TO_3420 = [1092, 1356, 1596, 1884, 2172, 2424, 2616, 2808, 2988, 3144, 3288, 3420];
const P_FROM_3780 = [3780, 3864, 3960, 4056];

// powermetrics of a Mac15,12 (repository not known); AsahiLinux/linux t8122.dtsi has 696 for 816
export const M3 = {
  E: processor([...E_TO_2268, 2556, 2748], M3_ULTRA.E),
  P: processor([816, ...P_1092_TO_3420, 3540, 3636, 3720, ...P_FROM_3780], M3_ULTRA.P),
};
// AsahiLinux/linux t6030.dtsi, and oshi's test constants, read from the pmgr of a Mac15,7
export const M3_PRO = {
  E: processor([...E_TO_2268, 2448, 2640, 2748], M3_ULTRA.E),
  P: processor([696, ...P_1092_TO_3420, 3576, 3624, 3708, ...P_FROM_3780], M3_ULTRA.P),
};

// No table of an M3's GPU is in order: clocks fall from one step to the next, and steps share a voltage.
// A MacBook Air with macOS 26.5.1, as read (a public test, repository not known)
export const M3_GPU = table(
  '000000007d000000807825147102000080eed524a802000000ff712fd50200000059d431fd0200000028503' +
    '7fd020000005ebe382f0300000048f13e2f0300004081c33e6b03000080c8bc456b0300000020aa449303000080bb2c4c' +
    '930300000095c347ac0300008042c04fac030000',
);
// A M3 Pro with 14 GPU cores, in the order of its voltage-states9 (notes on the machine, repository not known)
export const M3_PRO_GPU: Table = {
  raw: times([0, 338, 618, 796, 832, 924, 952, 1056, 1064, 1182, 1182, 1312, 1242, 1380], 1e6),
  mv: [125, 665, 705, 710, 745, 745, 805, 805, 880, 880, 935, 935, 965, 965],
};

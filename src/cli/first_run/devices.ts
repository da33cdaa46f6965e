// The SMC, the temperature sensors and Metal.

import { isDieSensor } from '../../chips/sensors';
import type { Metal } from '../../native/machine_file';
import { judged, notChecked, type Check } from './check';
import type { Mac } from './mac';
import { BAD_ARGUMENT, type SmcProbe } from './probes';
import { fixed, hex, range } from './words';

const FEWEST_KEYS = 500;
const MOST_KEYS = 4000;
const READS = 1000;
const COLDEST = 15;
const HOTTEST = 115;

export const smc: Check = {
  number: 20,
  assumed: 'AppleSMCKeysEndpoint takes 80 bytes and nothing else, and has hundreds of keys',
  expected: `80 bytes taken, 76 refused, #KEY ${FEWEST_KEYS} to ${MOST_KEYS}, PSTR 0.5 to 500 W`,
  async run(mac) {
    const { state, failures } = await mac.native.sources.smc.probe();
    if (state === null && failures.length === 0) return notChecked(await absent(mac, 'SMC'));
    if (state === null) return notChecked(`${failures[0]!.call}: code ${hex(failures[0]!.code)}`);
    const { name, taken, refused, keys, watts, seconds } = state as SmcProbe;
    const isRight =
      name === 'AppleSMCKeysEndpoint' &&
      taken === 0 &&
      refused >>> 0 === BAD_ARGUMENT &&
      // A machine file need not have all keys of its Mac.
      (mac.around.isPlayed || isWithin(keys ?? NaN, FEWEST_KEYS, MOST_KEYS)) &&
      keys !== null &&
      (watts === null || isWithin(watts, 0.5, 500));
    return judged(
      isRight,
      `${name}, 80 bytes: code ${hex(taken)}, 76: ${hex(refused)}, #KEY ${keys ?? 'not read'}, PSTR ${watts === null ? 'not read' : `${fixed(watts, 1)} W`}, ${fixed((seconds ?? NaN) * 1e6, 1)} us a key`,
    );
  },
};

export const sensors: Check = {
  number: 21,
  assumed: 'one client of the HID event system reads the same sensors again and again',
  expected: `the same sensors answer ${READS} times, those of dies ${COLDEST} to ${HOTTEST} °C`,
  async run(mac) {
    const channels = await mac.start('hid', () => true);
    if (channels.length === 0) return notChecked(await absent(mac, 'temperature sensor'));
    const dies = channels.filter(({ name }) => isDieSensor(name));
    const answering = new Set<number>();
    const celsius: number[] = [];
    const reads = mac.around.isPlayed ? READS / 20 : READS;
    for (let i = 0; i < reads; i++) {
      const values = await mac.read('hid');
      answering.add(channels.filter(({ at }) => !Number.isNaN(values[at + 1]!)).length);
      // A die that is switched off says a number below that of any room.
      celsius.push(...dies.map(({ at }) => values[at + 1]!).filter((value) => value >= COLDEST));
    }
    const isRight = answering.size === 1 && !answering.has(0) && celsius.every((value) => value <= HOTTEST);
    return judged(
      isRight,
      `${[...answering].join(' or ')} of ${channels.length} answered ${reads} times, dies ${range(celsius, 1)} °C. In a LaunchDaemon: compare mac_temperature_celsius of service install`,
    );
  },
};

export const metal: Check = {
  number: 22,
  assumed: 'Metal lists one device also to a process without a window, and tells its limit',
  expected: 'one device, a limit above 0',
  async run(mac) {
    const before = process.memoryUsage.rss();
    const start = performance.now();
    const found = await mac.record<Metal>('metal');
    const took = performance.now() - start;
    const grown = (process.memoryUsage.rss() - before) / 2 ** 20;
    const limits = (found?.devices ?? []).map(({ recommendedMaxWorkingSetSize: limit }) => Number(limit));
    if (limits.every((limit) => limit === 0) && (await mac.isVirtual()))
      return notChecked(await absent(mac, 'limit of Metal'));
    return judged(
      limits.length === 1 && limits[0]! > 0,
      `${limits.length} devices${found?.listed === true ? ', listed' : ''}${found?.default === true ? ', by default' : ''}, limit ${limits.map((limit) => `${fixed(limit / 2 ** 30, 1)} GiB`).join(', ')}, ${fixed(took, 1)} ms, ${fixed(grown, 1)} MiB. In a LaunchDaemon: compare mac_metal_recommended_max_bytes of service install`,
    );
  },
};

const isWithin = (value: number, least: number, most: number): boolean => value >= least && value <= most;

const absent = async (mac: Mac, what: string): Promise<string> =>
  `${(await mac.isVirtual()) ? 'a virtual machine' : 'this Mac'} has no ${what}`;

// Memory statistics and the ticks of the CPUs.

import { judged, notChecked, type Check } from './check';
import type { Mac } from './mac';
import type { HostProbe } from './probes';
import { fixed, hex, range } from './words';

const CALLS = 20;
/** Of every macOS. */
const WORDS = 38;
const MIG_ARRAY_TOO_LARGE = -307;
const TICKS_PER_SECOND = 100;
const SECONDS = 10;
const LEVEL = 'kern.memorystatus_level';

export const statistics: Check = {
  number: 18,
  assumed: 'memory statistics are answered when they are asked for often, at worst with what was said before',
  expected: `${CALLS} calls in a second answered with ${WORDS} words or more; -307 only with the count that is wanted`,
  async run(mac) {
    const probes: HostProbe[] = [];
    for (let i = 0; i < CALLS; i++) {
      probes.push(await mac.probe<HostProbe>('host'));
      await mac.around.wait(1 / CALLS);
    }
    const answered = probes.filter(({ last, words }) => last === 0 && words.length >= WORDS);
    const codes = [...new Set(probes.flatMap(({ first, last }) => [first, last]))];
    const repeats = probes.filter((probe, i) => i > 0 && isSame(probe.words, probes[i - 1]!.words));
    return judged(
      answered.length === CALLS && codes.every((code) => code === 0 || code === MIG_ARRAY_TOO_LARGE),
      `${answered.length} answered, codes ${codes.map((code) => (code < 0 && code > -1000 ? code : hex(code))).join(', ')}, ${probes[0]!.words.length} words, ${repeats.length} the same as the one before`,
    );
  },
};

export const ticks: Check = {
  number: 19,
  assumed: "a CPU's modes add up to the time; memorystatus_level is what memory_pressure -Q prints",
  expected: '1 s a second of each CPU within 1 %; the same level within 1',
  async run(mac) {
    const channels = await mac.start('host', ({ group }) => group === 'cpu');
    if (channels.length === 0) return notChecked('no CPU is listed');
    const first = await mac.read('host');
    await mac.around.wait(SECONDS);
    const last = await mac.read('host');
    const total = (values: Float64Array, at: number, modes: number) =>
      values.subarray(at + 1, at + 1 + modes).reduce((a, b) => a + b, 0) / TICKS_PER_SECOND;
    const rates = channels.map(
      ({ at, states }) =>
        (total(last, at, states.length) - total(first, at, states.length)) / (last[0]! - first[0]!),
    );
    const told = await levels(mac);
    const areWhole = rates.every((rate) => Math.abs(rate - 1) <= 0.01);
    const agree = told.printed === undefined || Math.abs(told.printed - told.level) <= 1;
    const level = `memorystatus_level ${fixed(told.level, 0)}, printed ${told.printed ?? 'nothing to compare'}`;
    return judged(areWhole && agree, `${channels.length} CPUs, ${range(rates)} s a second; ${level}`);
  },
};

async function levels(mac: Mac): Promise<{ readonly level: number; readonly printed: number | undefined }> {
  const [channel] = await mac.start('sysctl', ({ group }) => group === LEVEL);
  const level = channel ? (await mac.read('sysctl'))[channel.at + 1]! : NaN;
  const text = await mac.around.ask('memory_pressure', '-Q');
  const match = /free percentage: (\d+)%/.exec(text ?? '');
  return { level, printed: match ? Number(match[1]) : undefined };
}

const isSame = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((value, i) => value === b[i]);

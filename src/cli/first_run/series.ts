// Ten seconds of IOReport's counters: how old they are, whether they fall, and what residencies add up to.

import { isCore, isGpuStates } from '../../chips/channels';
import { gpuTables } from '../../chips/frequencies';
import { inBaseUnits, parseUnit, unitOf } from '../../chips/units';
import { DEAD_AFTER } from '../../decode/energy';
import { decoderOf } from '../../decode/parts';
import { gpu } from '../../decode/gpu';
import { residency } from '../../decode/cpu';
import type { Channel } from '../../native/native';
import { asExpected, judged, notChecked, type Check, type Found } from './check';
import type { Mac, Series } from './mac';
import { fixed, isNear, range, some } from './words';

const FAST = 0.02;
const SLOW = 2.5;
const TOLERANCE = 0.005;

export const ages: Check = {
  number: 9,
  assumed: 'drivers publish energy often: the GPU at once, rails in mJ every two seconds at the latest',
  expected: `age of GPU Energy below ${FAST * 1000} ms, of rails in mJ below ${SLOW} s; dead ones are named`,
  run: (mac) =>
    ofSeries(mac, ({ channels, values }) => {
      const rails = channels.filter((channel) => decoderOf('energy').wants(channel, {}));
      const oldest = rails.map((channel) => ({ channel, age: oldestOf(channel, values) }));
      const known = oldest.filter(({ age }) => !Number.isNaN(age));
      if (known.length === 0) return notChecked('no rail has a time of its own');
      const limit = ({ name, unit }: Channel): number =>
        name === 'GPU Energy' ? FAST : isMillijoules(unit) ? SLOW : Infinity;
      // A rail that its driver has given up is a known thing, and in no metric.
      const dead = known.filter(({ age }) => age > DEAD_AFTER);
      const alive = known.filter(({ age }) => age <= DEAD_AFTER);
      const late = alive.filter(({ channel, age }) => age > limit(channel));
      const told = (late.length > 0 ? late : alive).map(
        ({ channel, age }) => `${channel.name} ${fixed(age, 3)} s`,
      );
      return judged(
        late.length === 0,
        `${late.length > 0 ? 'late: ' : ''}${some(told, 12)}; dead: ${some(dead.length > 0 ? dead.map(({ channel }) => channel.name) : ['none'], 12)}`,
      );
    }),
};

export const undisturbed: Check = {
  number: 10,
  assumed: 'another subscription that comes and goes leaves the counters as they are',
  expected: `no counter lower, and a second of states in a second of each core within ${TOLERANCE * 100} %, across a subscription of this process to the same groups`,
  run: (mac) =>
    ofSeries(mac, (series) => {
      const { channels, values, other } = series;
      const fallen = fallenIn(channels, values);
      const rates = timed(channels).map((channel) =>
        rateOf(channel, values[Math.max(0, other - 20)]!, values[Math.min(values.length - 1, other + 20)]!),
      );
      return judged(
        fallen.length === 0 && rates.every(isWhole),
        fallen.length > 0
          ? `lower: ${some(fallen)}`
          : `none lower of ${channels.length} channels; states ${range(rates)} s a second. With another process: run metalstat-exporter once meanwhile`,
      );
    }),
};

export const wholeSeconds: Check = {
  number: 12,
  assumed: 'the states of a core, and of GPUPH, add up to the time that has passed',
  expected: `1 s a second within ${TOLERANCE * 100} %, of each core and of GPUPH`,
  run: (mac) =>
    ofSeries(mac, ({ channels, values }) => {
      const of = timed(channels);
      if (of.length === 0) return notChecked('no channel of a core or of the GPU has a unit of time');
      const rates = of.map((channel) => rateOf(channel, values[0]!, values.at(-1)!));
      const wrong = of.flatMap(({ name }, i) =>
        isWhole(rates[i]!) ? [] : [`${name} ${fixed(rates[i]!, 4)}`],
      );
      return judged(
        wrong.length === 0,
        wrong.length > 0 ? some(wrong) : `${of.length} channels, ${range(rates)} s a second`,
      );
    }),
};

export const origin: Check = {
  number: 13,
  assumed: 'nothing of where residencies begin: whether at boot is printed, and not relied on',
  expected: 'printed only: the sum of all states beside the time since boot',
  run: (mac) =>
    ofSeries(mac, ({ channels, values }) => {
      const last = values.at(-1)!;
      const sums = timed(channels).map((channel) => stateSeconds(channel, last));
      return asExpected(`states ${range(sums, 0)} s, up for ${fixed(last[0]!, 0)} s`);
    }),
};

export const frequencies: Check = {
  number: 16,
  assumed: "the device tree's tables have a frequency for each active state",
  expected: "a table for each core and the GPU, pmgr's and sgx's the same, no time in a state without",
  run: (mac) =>
    ofSeries(mac, async ({ channels, values }) => {
      const facts = await mac.facts();
      const complaints: string[] = [];
      const last = values.at(-1)!;
      const cores = channels.filter((channel) => residency.wants(channel, facts));
      if (residency.lacks?.(cores, facts) !== undefined) complaints.push('a core has no table of its length');
      const cycles = residency.bind(cores, facts)?.(last, new Map())?.cycles ?? new Float64Array();
      const unmapped = cycles.filter((each) => Number.isNaN(each)).length;
      if (unmapped > 0) complaints.push(`${unmapped} cores were in a state without a frequency`);
      const gpus = channels.filter((channel) => gpu.wants(channel, facts));
      if (gpu.lacks?.(gpus, facts) !== undefined) complaints.push('the GPU has no table');
      const { sgx, pmgr } = gpuTables(facts);
      const sizes = `sgx ${sgx?.length ?? 0} and pmgr ${pmgr?.length ?? 0} entries`;
      if (sgx && pmgr && !isSame(sgx, pmgr)) complaints.push(`the GPU's tables differ: ${sizes}`);
      return judged(
        complaints.length === 0,
        complaints.length > 0 ? complaints.join('; ') : `all of ${cycles.length} cores; GPU: ${sizes}`,
      );
    }),
};

const timed = (channels: readonly Channel[]): readonly Channel[] =>
  channels.filter((channel) => (isCore(channel) || isGpuStates(channel)) && unitOf(channel, 'seconds'));

const isWhole = (rate: number): boolean => isNear(rate, 1, TOLERANCE);

const rateOf = (channel: Channel, from: Float64Array, to: Float64Array): number =>
  (stateSeconds(channel, to) - stateSeconds(channel, from)) / (to[0]! - from[0]!);

function stateSeconds(channel: Channel, values: Float64Array): number {
  const states = values.subarray(channel.at + 1, channel.at + 1 + channel.states.length);
  return inBaseUnits(
    states.reduce((a, b) => a + b, 0),
    unitOf(channel, 'seconds')!,
  );
}

const oldestOf = ({ at }: Channel, values: readonly Float64Array[]): number =>
  values.reduce((oldest, each) => {
    const age = each[0]! - each[at]!;
    return Number.isNaN(age) || age <= oldest ? oldest : age;
  }, NaN);

function isMillijoules(text: string): boolean {
  const unit = parseUnit(text);
  return unit?.quantity === 'joules' && isNear(unit.scale, 1e-3, 1e-6);
}

function fallenIn(channels: readonly Channel[], values: readonly Float64Array[]): readonly string[] {
  return channels
    .filter(({ at, states }) =>
      values.some((later, i) => {
        const before = values[i - 1];
        if (!before) return false;
        const end = at + 1 + Math.max(1, states.length);
        for (let slot = at + 1; slot < end; slot++) if (later[slot]! < before[slot]!) return true;
        return false;
      }),
    )
    .map(({ group, name }) => `${group}: ${name}`);
}

const isSame = (a: Float64Array, b: Float64Array): boolean =>
  a.length === b.length && a.every((value, i) => value === b[i]);

async function ofSeries(mac: Mac, judge: (series: Series) => Found | Promise<Found>): Promise<Found> {
  const series = await mac.series();
  if (series.channels.length > 0) return judge(series);
  return notChecked(
    (await mac.isVirtual())
      ? 'a virtual machine has no channels of IOReport'
      : 'no channel that metrics are made of is listed',
  );
}

// IOReport: groups, samples, what is in them, and what another subscription does to them.

import { GROUPS } from '../../chips/channels';
import { judged, notChecked, type Check, type Found } from './check';
import { isDecoded, type Mac } from './mac';
import { BAD_ARGUMENT, type GroupProbe } from './probes';
import { hex, some, sum } from './words';

export const absentGroup: Check = {
  number: 4,
  assumed: 'a group that this Mac does not have lists no channel, and cannot be subscribed to',
  expected: 'of the group "No such group": 0 channels, no subscription, code 0xe00002c2',
  async run(mac) {
    const { absent } = (await mac.ioreport())[0]!;
    if (!absent) return notChecked('functions of IOReport are missing');
    const { listed, subscribed, code } = absent;
    return judged(
      listed === 0 && !subscribed && code >>> 0 === BAD_ARGUMENT,
      `${listed ?? 'no'} channels, ${subscribed ? 'a' : 'no'} subscription, code ${hex(code)}`,
    );
  },
};

export const delivered: Check = {
  number: 5,
  assumed: 'a sample has every channel of a group that was subscribed to',
  expected: 'as many channels delivered as listed; AMC Stats may refuse the subscription',
  run: (mac) =>
    ofGroups(mac, (groups) => {
      const told = groups.map((group) =>
        group.subscribed
          ? `${group.group} ${group.delivered ?? 0} of ${group.listed}`
          : `${group.group} refused (${hex(group.code)})`,
      );
      const isRight = groups.every((group) =>
        group.subscribed ? group.delivered === group.listed : group.group === GROUPS.amc,
      );
      return judged(isRight, told.join(', '));
    }),
};

export const stable: Check = {
  number: 6,
  assumed: 'ids and order of channels stay, and a channel is 64 bytes for each element',
  expected: 'in 100 samples of each group, none in another order and no channel of another size',
  run: (mac) =>
    ofSamples(mac, (probes) => {
      const of = (member: 'asked' | 'samples' | 'reordered' | 'misshapen') =>
        sum(probes.map((probe) => probe[member] ?? 0));
      return judged(
        of('samples') === of('asked') && of('reordered') === 0 && of('misshapen') === 0,
        `${of('samples')} of ${of('asked')} samples, ${of('reordered')} in another order, ${of('misshapen')} channels of another size`,
      );
    }),
};

export const getters: Check = {
  number: 7,
  assumed: "the values in RawElements are those of Apple's getters",
  expected: 'identical, of every channel and state',
  run: (mac) =>
    ofSamples(mac, (probes) => {
      const compared = sum(probes.map((probe) => probe.compared ?? 0));
      const unequal = sum(probes.map((probe) => probe.unequal ?? 0));
      const where = groupsWhere(probes, (probe) => (probe.unequal ?? 0) > 0);
      return judged(
        compared > 0 && unequal === 0,
        `${unequal} of ${compared} values are others${where === '' ? '' : `, in ${where}`}`,
      );
    }),
};

export const deltas: Check = {
  number: 8,
  assumed: 'the difference of two raw samples is what IOReportCreateSamplesDelta gives',
  expected: 'equal, of every channel and state',
  run: (mac) =>
    ofSamples(mac, (probes) => {
      const compared = sum(probes.map((probe) => probe.deltas ?? 0));
      const unequal = sum(probes.map((probe) => probe.deltas_unequal ?? 0));
      const failed = probes.filter((probe) => probe.deltas === undefined);
      return judged(
        compared > 0 && unequal === 0 && failed.length === 0,
        failed.length > 0
          ? `no delta of ${groupsWhere(failed, () => true)}: code ${hex(failed[0]!.delta_code ?? 0)}`
          : `${unequal} of ${compared} differences are others`,
      );
    }),
};

export const reopened: Check = {
  number: 11,
  assumed: 'counters go on where they were when a subscription is closed and made again',
  expected: 'none lower after a second without a subscription to it; groups that start again are named',
  async run(mac) {
    const counters = await countersOf(mac);
    return ofSamples(mac, (probes) => {
      const again = probes.filter((probe) => probe.again === true);
      if (again.length === 0) return notChecked('no group could be subscribed to a second time');
      const fallen = again.flatMap(({ group, fallen: names = [] }) =>
        names
          .filter(([driver, id]) => counters.has(`${driver} ${id}`))
          .map(([, , name]) => `${group}: ${name}`),
      );
      return judged(
        fallen.length === 0,
        fallen.length === 0
          ? `none lower in ${again.length} subscriptions`
          : `lower: ${some([...new Set(fallen)])}`,
      );
    });
  },
};

async function countersOf(mac: Mac): Promise<ReadonlySet<string>> {
  const facts = await mac.facts();
  const { channels } = await mac.native.sources.ioreport.list();
  const counters = channels.filter((channel) => isDecoded(channel, facts));
  return new Set(counters.map(({ driver, id }) => `${driver} ${id}`));
}

/** Of the groups that this Mac has, all times that they were looked at. */
async function ofGroups(mac: Mac, judge: (groups: readonly GroupProbe[]) => Found): Promise<Found> {
  const probes = await mac.ioreport();
  const groups = probes.at(-1)!.groups;
  if (!groups) return notChecked('functions of IOReport are missing');
  const listed = groups.filter((group) => group.listed > 0);
  return listed.length === 0 ? notChecked(await nothing(mac)) : judge(listed);
}

async function ofSamples(mac: Mac, judge: (probes: readonly GroupProbe[]) => Found): Promise<Found> {
  const probes = (await mac.ioreport()).flatMap(({ groups = [] }) => groups);
  const subscribed = probes.filter((group) => group.listed > 0 && group.subscribed);
  return subscribed.length === 0 ? notChecked(await nothing(mac)) : judge(subscribed);
}

const nothing = async (mac: Mac): Promise<string> =>
  (await mac.isVirtual())
    ? 'a virtual machine has no channels of IOReport'
    : 'there is no group that could be subscribed to';

const groupsWhere = (probes: readonly GroupProbe[], is: (probe: GroupProbe) => boolean): string =>
  some([...new Set(probes.filter(is).map(({ group }) => group))]);

import { membersOf } from '../apps';
import { stream } from '../life';
import { ORDINARY } from '../ordinary';
import { app, brewed, bundle, drawing, FRAMEWORKS, member, windowServer } from '../programs';
import type { App, Facts, Member, Step } from '../types';
import { at, sum } from '../workload';
import { moments, paging, rails, template, tiers } from './parts';

const PROCESSES = 5_000;
const FIRST_PID = 1_000;
const TEST_STEPS = 20; // at any moment

/** Coalitions of a kind. Few of the leaders do anything; where the others come and go, these do. */
interface Family {
  leader: string;
  others?: readonly string[]; // in turn
  apps: number;
  each?: number; // processes, the leader included
  turnover?: number; // seconds from one of the others to the next, in each app
  busy?: number; // leaders
  cpu?: number; // shares of the whole family
  gpu?: number;
  uids?: readonly [first: number, number: number]; // in turn
}

const SIMULATOR = '/Library/Developer/CoreSimulator/Volumes/iOS/sbin';
const SIMULATED = ['backboardd', 'SpringBoard', 'locationd', 'cfprefsd', 'nsurlsessiond', 'apsd', 'healthd'];
const AGENTS = ['cfprefsd', 'distnoted', 'secinitd', 'secd', 'lsd', 'pboard', 'tccd', 'usernoted'];
const SERVICES = ['diskarbitrationd', 'fseventsd', 'notifyd', 'syspolicyd', 'usbd', 'watchdogd'];
const INDEXER = `${FRAMEWORKS}/CoreServices.framework/Frameworks/Metadata.framework/Support/mdworker_shared`;
const [NODE, PYTHON] = [brewed('node'), brewed('python3.12')];

const FAMILIES: readonly Family[] = [
  ...SERVICES.map((name): Family => ({ leader: `/usr/libexec/${name}`, apps: 6, uids: [0, 1] })),
  ...AGENTS.map((name): Family => ({ leader: `/usr/libexec/${name}`, apps: 45, uids: [502, 45] })),
  {
    leader: `${SIMULATOR}/launchd_sim`,
    others: SIMULATED.map((name) => `${SIMULATOR}/${name}`),
    apps: 13,
    each: 90,
  },
  {
    leader: bundle('Chromium'),
    others: [bundle('Chromium Helper (Renderer)')],
    apps: 20,
    each: 35,
    busy: 8,
    cpu: 0.14,
    gpu: 0.7,
  },
  { leader: NODE, others: [NODE], apps: 20, each: 32, busy: 14, cpu: 0.32 }, // tests
  { leader: NODE, others: [NODE], apps: 40, each: 32, turnover: 12, cpu: 0.08 },
  { leader: PYTHON, others: [PYTHON], apps: 20, each: 12, busy: 8, cpu: 0.2 },
  { leader: PYTHON, others: [PYTHON], apps: 20, each: 12, turnover: 30, cpu: 0.02 },
];

const working = (facts: Facts, by: number): Step => ({
  cpu: tiers(
    facts,
    { busy: 0.34 * by, clock: 0.8, system: 0.2, down: 0.04 },
    { busy: 0.5 * by, clock: 0.8, system: 0.3 },
  ),
  gpu: { awake: 0.3 * by, clock: 0.3, activity: 0.3 },
  rails: rails(facts, 0.12 * by),
  paging: paging(facts, 0.3 * by),
});

/** With the ordinary ones exactly so many, at any moment: what ends is followed by another one at once. */
function everybody(): App[] {
  const fixed = [
    ...ORDINARY.map((one) => membersOf(one).length),
    ...FAMILIES.map(({ apps, each = 1 }) => apps * each),
  ];
  const steps = member('/private/tmp/test-step', 90_000, { cpu: 0.05, stay: stream(TEST_STEPS, 0.3, 400) });
  const left = PROCESSES - sum(fixed) - TEST_STEPS - 1;
  return [
    ...populate(FAMILIES),
    app('/opt/actions-runner/bin/Runner.Listener', 60_000, {}, steps),
    { ...app(INDEXER, 70_000, { cpu: 0.03 }), stay: stream(left, 0.8, left + 60) },
  ];
}

function populate(families: readonly Family[]): App[] {
  let next = FIRST_PID;
  const take = (pids: number) => (next += pids) - pids;
  const leaders = ({ apps, busy = 0, cpu = 0, gpu = 0, uids, turnover }: Family): Partial<Member>[] =>
    Array.from({ length: apps }, (_, n) => ({
      ...(uids && { uid: uids[0] + (n % uids[1]) }),
      ...(n < busy && !turnover && { cpu: cpu / busy, disk: [0.2, 0.1] }),
      ...(n < busy && gpu > 0 && { gpu: drawing([gpu / busy]) }),
    }));
  const others = ({ others: paths = [], apps, each = 1, turnover, cpu = 0 }: Family, n: number): Member[] => {
    if (turnover === undefined)
      return Array.from({ length: each - 1 }, (_, i) => member(at(paths, i % paths.length), take(1)));
    const stay = stream(each - 1, turnover, 2 * each, (n + 0.5) / apps);
    return [member(at(paths, 0), take(2 * each), { cpu: cpu / apps, stay })];
  };
  return families.flatMap((family) =>
    leaders(family).map((detail, n) => app(family.leader, take(1), detail, ...others(family, n))),
  );
}

export const crowded = template('crowded', 'five thousand processes, of which few do much', (facts) => ({
  steps: [working(facts, 1), working(facts, 1.25), working(facts, 0.9)],
  frames: moments(facts, 'crowded', {
    wired: 0.05,
    compressed: 0.02,
    internal: 0.34,
    external: 0.21,
    inUse: 0.02,
    allocated: 0.05,
    load: 0.42,
    device: [19, 24, 17, 21],
  }),
  apps: [windowServer(0.2), ...everybody()],
}));

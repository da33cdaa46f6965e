import { brewed, app, drawing, member, SHELL, SSHD, TOOLCHAIN, windowServer } from '../programs';
import { stream } from '../life';
import type { App, Facts, Step } from '../types';
import { moments, paging, rails, template, tiers } from './parts';

const RUNNER = '/opt/actions-runner/bin';
const XCODE = '/Applications/Xcode.app/Contents/Developer/usr/bin';

const building = (facts: Facts, busy: number): Step => ({
  cpu: tiers(
    facts,
    { busy: 0.9 * busy, clock: 0.85, system: 0.19 },
    { busy: Math.min(0.99, busy), clock: 0.95, system: 0.28 },
  ),
  gpu: { awake: 0.14, clock: 0.2, activity: 0.3 },
  rails: rails(facts, 0.2 * busy, { pcie: 0.14 }),
  paging: paging(facts, 1.4 * busy, { compressions: 20, decompressions: 8 }),
});

/** All that the jobs start is the runner's. A configure script's tests are over in 30 ms. */
const runner: App = app(
  `${RUNNER}/Runner.Listener`,
  40_100,
  { cpu: 0.002, footprint: 96 },
  member(`${RUNNER}/Runner.Worker`, 40_112, { cpu: 0.008, disk: [0.5, 0.8], footprint: 120 }),
  member('/bin/bash', 40_120),
  member(`${XCODE}/xcodebuild`, 40_144, { cpu: 0.03, disk: [2, 1], footprint: 640 }),
  member(`${TOOLCHAIN}/clang`, 41_000, {
    cpu: [0.55, 0.58, 0.5],
    disk: [14, 9],
    footprint: 180,
    stay: stream(14, 0.4, 300),
  }),
  member(`${TOOLCHAIN}/swift-frontend`, 42_000, {
    cpu: 0.16,
    disk: [6, 3],
    footprint: 420,
    stay: stream(4, 2.5, 60),
  }),
  member(`${TOOLCHAIN}/ld`, 43_000, {
    cpu: 0.02,
    disk: [5, 18],
    footprint: 350,
    stay: { from: -1.2, to: 0.9, every: 5, pids: 30 },
  }),
  member('/private/tmp/conftest', 44_000, {
    cpu: 0.004,
    footprint: 2,
    stay: { from: 0.1, to: 0.13, every: 1.2, pids: 150 },
  }),
  member(`${XCODE}/xctest`, 45_000, {
    cpu: 0.02,
    gpu: drawing([0.3]),
    footprint: 130,
    stay: { from: -2.5, to: 4.3, every: 9, pids: 3 },
  }),
);

const remote: App = {
  leader: member(SSHD, 644),
  members: [
    member('/usr/libexec/sshd-session', 645),
    member(SHELL, 647, { footprint: 5 }),
    member(`${XCODE}/make`, 650, { cpu: 0.006 }),
    member(`${TOOLCHAIN}/clang`, 46_000, {
      cpu: 0.08,
      disk: [3, 2],
      footprint: 150,
      stay: stream(3, 1.1, 90),
    }),
  ],
};

/** It fails and is started again, and again, and always has the pid that it had. */
const failing: App = {
  ...app(brewed('preview-renderer'), 4410, { cpu: 0.02, gpu: drawing([0.2, 0.05]), footprint: 90 }),
  stay: { from: -1.8, to: 2.6, every: 5 },
};

export const buildFarm = template(
  'build-farm',
  'a CI runner that starts and ends thousands of processes an hour',
  (facts) => ({
    steps: [building(facts, 0.9), building(facts, 0.97), building(facts, 0.84)],
    frames: moments(facts, 'build-farm', {
      wired: 0.09,
      compressed: 0.02,
      internal: 0.36,
      external: 0.33,
      inUse: 0.01,
      allocated: 0.03,
      load: 1.05,
      device: [9, 12, 8, 10],
    }),
    apps: [windowServer(0.3, 412), runner, remote, failing],
  }),
);

// The processes of any Mac that somebody is logged in to. What they use is a share of what a workload's apps leave.
import {
  app,
  CORE,
  DOCK,
  FINDER,
  FRAMEWORKS,
  member,
  PRIVATE,
  SHELL,
  SSHD,
  TERMINAL,
  WINDOW_SERVER,
} from './programs';
import type { App, Member } from './types';

const root = (path: string, pid: number, cpu: number, disk: Member['disk'] = [0, 0]): App =>
  app(path, pid, { uid: 0, cpu, disk });

/** The first is the kernel's: it also has all that is left of the CPUs' busy time. */
export const ORDINARY: readonly App[] = [
  {
    leader: { path: null, name: 'kernel_task', pid: 0, uid: 0, cpu: 0.3, footprint: 24 },
    members: [member('/sbin/launchd', 1, { uid: 0, cpu: 0.02, footprint: 19 })],
  },
  root('/usr/libexec/logd', 92, 0.04, [0, 0.03]),
  root('/usr/libexec/configd', 95, 0.005),
  root(`${CORE}/powerd.bundle/powerd`, 98, 0.01),
  root('/usr/libexec/opendirectoryd', 106, 0.01),
  root(
    `${FRAMEWORKS}/CoreServices.framework/Frameworks/Metadata.framework/Support/mds_stores`,
    110,
    0.07,
    [0.3, 0.12],
  ),
  app('/usr/sbin/mDNSResponder', 118, { uid: 65, cpu: 0.01 }),
  app('/usr/sbin/distnoted', 126, { uid: 241, cpu: 0.002 }),
  root('/usr/sbin/bluetoothd', 131, 0.02),
  app('/usr/libexec/locationd', 137, { uid: 205, cpu: 0.01 }),
  app('/usr/sbin/coreaudiod', 141, { uid: 202, cpu: 0.06, footprint: 31 }),
  app('/usr/libexec/trustd', 163, { uid: 282, cpu: 0.005, disk: [0, 0.002] }),
  app(WINDOW_SERVER, 417, { uid: 88, cpu: 0.19, footprint: 390 }),
  app(`${CORE}/loginwindow.app/Contents/MacOS/loginwindow`, 429, { cpu: 0.005, footprint: 28 }),
  app('/usr/sbin/cfprefsd', 446, { cpu: 0.01, disk: [0, 0.004] }),
  app('/usr/libexec/rapportd', 473, { cpu: 0.01 }),
  app(DOCK, 581, { cpu: 0.01, footprint: 92 }),
  app(`${CORE}/ControlCenter.app/Contents/MacOS/ControlCenter`, 586, { cpu: 0.03, footprint: 71 }),
  app(FINDER, 590, { cpu: 0.02, disk: [0.01, 0], footprint: 140 }),
  app(`${CORE}/NotificationCenter.app/Contents/MacOS/NotificationCenter`, 597, { cpu: 0.005, footprint: 44 }),
  app(`${CORE}/AirPlayUIAgent.app/Contents/MacOS/AirPlayUIAgent`, 604), // does nothing
  app(`${PRIVATE}/MediaAnalysis.framework/Versions/A/mediaanalysisd`, 611, {
    cpu: 0.02,
    ane: 1,
    disk: [0.05, 0.01],
    footprint: 118,
  }),
  app(TERMINAL, 633, { cpu: 0.02, footprint: 156 }, member(SHELL, 638, { cpu: 0.001, footprint: 5 })),
  app(
    SSHD,
    644,
    { uid: 0, cpu: 0.002 },
    member('/usr/libexec/sshd-session', 645, { cpu: 0.004 }),
    member(SHELL, 647, { cpu: 0.001, footprint: 5 }),
  ),
  app('/usr/local/bin/node', 651, { cpu: 0.01, footprint: 64 }), // the exporter
];

// What apps are written with: where programs are, and those that several workloads run.
import { stream } from './life';
import type { App, Client, Member, Share } from './types';

export const CORE = '/System/Library/CoreServices';
export const FRAMEWORKS = '/System/Library/Frameworks';
export const PRIVATE = '/System/Library/PrivateFrameworks';
export const WINDOW_SERVER = `${PRIVATE}/SkyLight.framework/Versions/A/Resources/WindowServer`;
export const DOCK = `${CORE}/Dock.app/Contents/MacOS/Dock`;
export const FINDER = `${CORE}/Finder.app/Contents/MacOS/Finder`;
export const TERMINAL = '/System/Applications/Utilities/Terminal.app/Contents/MacOS/Terminal';
export const SSHD = '/usr/sbin/sshd';
export const SHELL = '/bin/zsh';
export const TOOLCHAIN =
  '/Applications/Xcode.app/Contents/Developer/Toolchains/XcodeDefault.xctoolchain/usr/bin';

export const bundle = (name: string) => `/Applications/${name}.app/Contents/MacOS/${name}`;
export const brewed = (name: string) => `/opt/homebrew/bin/${name}`;

export const member = (path: string, pid: number, detail: Partial<Member> = {}): Member => ({
  path,
  pid,
  ...detail,
});
export const app = (path: string, pid: number, detail: Partial<Member> = {}, ...members: Member[]): App => ({
  leader: member(path, pid, detail),
  ...(members.length > 0 && { members }),
});
export const drawing = (shares: readonly number[], queues = shares.length): Client => ({ queues, shares });

export const windowServer = (share: number, pid = 417, queues = 2): App =>
  app(WINDOW_SERVER, pid, { gpu: drawing([share], queues) });

/** The Terminal and what was started in it. */
export const terminal = (...members: readonly Member[]): App => ({
  leader: member(TERMINAL, 633),
  members: [member(SHELL, 638, { footprint: 5 }), ...members],
});

/** A build, as so many compilers at any moment, each of them for some seconds. */
export const building = (jobs: number, cpu: Share): readonly Member[] => [
  member(brewed('ninja'), 1302, { cpu: 0.01, disk: [0.2, 0.4], footprint: 38 }),
  member(`${TOOLCHAIN}/clang`, 20_000, {
    cpu,
    disk: [9, 6],
    footprint: 210,
    stay: stream(jobs, Math.ceil(300 / jobs) / 100, 40 * jobs),
  }),
];

const HELPERS =
  '/Applications/Google Chrome.app/Contents/Frameworks/Google Chrome Framework.framework/Helpers';
const helper = (kind: string) =>
  `${HELPERS}/Google Chrome Helper (${kind}).app/Contents/MacOS/Google Chrome Helper (${kind})`;
export const RENDERER = helper('Renderer');
export const HELPER = `${HELPERS}/Google Chrome Helper.app/Contents/MacOS/Google Chrome Helper`;

/** A browser: what draws has a helper of its own, as has every page. */
export const chrome = (cpu: Share, gpu: Client, pages: number): App =>
  app(
    bundle('Google Chrome'),
    1191,
    { cpu: 0.01, disk: [0.1, 0.2], footprint: 410 },
    member(helper('GPU'), 1207, { cpu: 0.01, gpu, footprint: 280 }),
    ...Array.from({ length: pages }, (_, n) =>
      member(RENDERER, 1212 + 3 * n, n === 0 ? { cpu, footprint: 520 } : { footprint: 190 }),
    ),
  );

/** The same with XPC services, which WebKit has. */
export const safari = (pid: number, cpu: Share, gpu: Client): App => {
  const service = (name: string) =>
    `${FRAMEWORKS}/WebKit.framework/Versions/A/XPCServices/com.apple.WebKit.${name}.xpc/Contents/MacOS/com.apple.WebKit.${name}`;
  return app(
    bundle('Safari'),
    pid,
    { cpu: 0.01, gpu, disk: [0.1, 0.1], footprint: 240 },
    member(service('Networking'), pid + 4, { cpu: 0.01, footprint: 66 }),
    member(service('WebContent'), pid + 6, { cpu, footprint: 430 }),
    member(service('WebContent'), pid + 9, { footprint: 150 }),
  );
};

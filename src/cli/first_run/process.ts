// The process, its clock and the functions that are looked up by name.

import { asExpected, different, judged, notChecked, type Check } from './check';
import type { Mac } from './mac';
import type { HostProbe, LibraryProbe } from './probes';
import { fixed, some } from './words';

const TICKS_PER_SECOND = 24_000_000;
const PARTS_PER_MILLION = 10;

export const isNative: Check = {
  number: 1,
  assumed: 'a process of its own architecture sees this Mac, or a known kind of virtual machine',
  expected: 'sysctl.proc_translated 0; kern.hv_vmm_present 0, or the profile of a virtual machine',
  async run(mac) {
    const facts = await mac.facts();
    const translated = facts['sysctl.proc_translated'];
    if (translated === undefined) return notChecked('sysctl.proc_translated cannot be read');
    const domain = (await mac.around.ask('launchctl', 'managername'))?.trim();
    const kind = (await mac.isVirtual()) ? 'a virtual machine' : 'no virtual machine';
    return judged(
      translated === 0,
      [
        `sysctl.proc_translated ${String(translated)}`,
        kind,
        `uid ${process.getuid?.() ?? 'not known'}`,
        `launchd domain ${domain ?? 'not asked'}`,
        `build ${String(facts['kern.osversion'] ?? 'not known')}`,
      ].join(', '),
    );
  },
};

export const timebase: Check = {
  number: 2,
  assumed: 'a tick of mach_absolute_time is 125/3 ns, and runs as the other clocks do',
  expected: `timebase 125/3, hw.tbfrequency 24000000, both clocks alike within ${PARTS_PER_MILLION} ppm`,
  async run(mac) {
    const frequency = (await mac.facts())['hw.tbfrequency'];
    const first = await tightest(mac);
    await mac.around.wait(10);
    const last = await tightest(mac);
    const [numerator, denominator] = first.probe.timebase;
    const ticks = Number(BigInt(last.probe.absolute) - BigInt(first.probe.absolute));
    const seconds = ((ticks * numerator) / denominator) * 1e-9;
    const apart = Math.abs(seconds - (last.at - first.at));
    const allowed = seconds * PARTS_PER_MILLION * 1e-6 + first.unsure + last.unsure;
    return judged(
      numerator * 3 === denominator * 125 &&
        (frequency === undefined || frequency === TICKS_PER_SECOND) &&
        apart <= allowed,
      `timebase ${numerator}/${denominator}, hw.tbfrequency ${String(frequency ?? 'not known')}, clocks ${fixed(apart * 1e6, 1)} us apart after ${fixed(seconds, 1)} s, read within ${fixed((first.unsure + last.unsure) * 1e6, 1)} us`,
    );
  },
};

const READS = 20;

/** Both clocks at the same moment, as nearly as this can be had: of some readings the one that took least. */
async function tightest(mac: Mac) {
  let best: { readonly probe: HostProbe; readonly at: number; readonly unsure: number } | undefined;
  for (let i = 0; i < READS; i++) {
    const before = mac.around.now();
    const probe = await mac.probe<HostProbe>('host');
    const unsure = (mac.around.now() - before) / 2;
    if (!best || unsure < best.unsure) best = { probe, at: before + unsure, unsure };
  }
  return best!;
}

export const symbols: Check = {
  number: 3,
  assumed: 'the private libraries load, and have every function by its name',
  expected: 'none missing; IOHIDServiceClientGetRegistryID may be',
  async run(mac) {
    const [report] = await mac.ioreport();
    const hid = await mac.probe<LibraryProbe>('hid');
    const missing = [...report!.missing, ...hid.missing, ...(await missingOfCoalitions(mac))];
    const { failures } = await mac.native.sources.metal.list();
    missing.push(...failures.map(({ call }) => call));
    if (missing.length > 0) return different(`missing: ${some(missing, 20)}`);
    const optional = hid.optional ?? [];
    return asExpected(optional.length > 0 ? `all; of the optional, missing: ${some(optional)}` : 'all');
  },
};

const missingOfCoalitions = async (mac: Mac): Promise<readonly string[]> =>
  (await mac.probe<LibraryProbe>('coalition')).missing;

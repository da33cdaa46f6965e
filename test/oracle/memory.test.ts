import { SECOND, small } from './small';
import { truth } from './truth';

const PAGE = 16384;

const plain = (sysctl: Parameters<typeof small>[0]['sysctl'], vm = {}) =>
  truth(small({ sysctl: sysctl ?? {}, host: { vm } }, [0, 1])).gauges(0n).plain;

it.each([
  [85, 0],
  [51, 0],
  [50, 1],
  [25, 1],
  [24, 2],
  [0, 2],
])('%d %% free is pressure level %d', (free, level) => {
  const gauges = plain({ 'kern.memorystatus_level': ['u32', free] });
  expect(gauges.get('memory_pressure_level')).toBe(level);
  const states = ['green', 'yellow', 'red'].map((state) =>
    gauges.get(`mac_memory_pressure_state{state="${state}"}`),
  );
  expect(states).toEqual([0, 1, 2].map((i) => (i === level ? 1 : 0)));
});

it.each([
  [1, 1],
  [2, 2],
  [4, 4],
  [3, undefined],
  [0, undefined],
])('the kernel level %d is %p', (raw, level) => {
  const gauges = plain({ 'kern.memorystatus_vm_pressure_level': ['u32', raw] });
  expect(gauges.get('mac_memory_pressure_kernel_level')).toBe(level);
});

it('used is what Activity Monitor calls so: app, wired and compressed', () => {
  const gauges = plain(
    { 'hw.pagesize': ['u64', PAGE] },
    {
      internal_page_count: 1000,
      external_page_count: 300,
      purgeable_count: 100,
      wire_count: 200,
      compressor_page_count: 50,
      free_count: 70,
      speculative_count: 20,
    },
  );
  expect(Object.fromEntries([...gauges].map(([name, bytes]) => [name, bytes / PAGE]))).toEqual({
    mac_memory_used_bytes: 1150,
    mac_memory_app_bytes: 900,
    mac_memory_wired_bytes: 200,
    mac_memory_compressed_bytes: 50,
    mac_memory_cached_files_bytes: 400,
    mac_memory_free_bytes: 50,
    mac_memory_purgeable_bytes: 100,
    mac_memory_speculative_bytes: 20,
  });
});

it('no wired limit is absent, one is in MiB', () => {
  const limit = (mb: number) =>
    plain({ 'iogpu.wired_limit_mb': ['u32', mb] }).get('mac_metal_wired_limit_bytes');
  expect(limit(0)).toBeUndefined();
  expect(limit(114688)).toBe(120_259_084_288);
});

it('structs are read by member', () => {
  const gauges = plain({
    'vm.loadavg': ['IIIq', 4096, 2048, 1024, 2048],
    'vm.swapusage': ['QQQIi', 3000, 1000, 2000, PAGE, 1],
    'kern.boottime': ['qi', 1_700_000_000, 250_000],
  });
  expect(Object.fromEntries(gauges)).toEqual({
    mac_load1: 2,
    mac_load5: 1,
    mac_load15: 0.5,
    mac_swap_total_bytes: 3000,
    mac_swap_used_bytes: 2000,
    mac_boot_time_seconds: 1_700_000_000.25,
  });
});

it("the kernel's 32 bits of CPU ticks wrap, and a window across it has no utilization", () => {
  const top = 2 ** 32;
  const cpu = [{ user: [top - 50, top + 50], system: 0, idle: 0, nice: 0 }];
  const oracle = truth(small({ host: { cpu } }));
  const user = 'mac_cpu_seconds_total{core="0",tier="",mode="user"}';
  expect(oracle.counters(0n).get(user)).toMatchObject({ n: BigInt(top - 50), d: 100n });
  expect(oracle.counters(SECOND).get(user)).toMatchObject({ n: 50n, d: 100n });
  expect(oracle.gauges(SECOND, 0n).window.size).toBe(0);
  expect(oracle.gauges(SECOND / 4n, 0n).window.size).toBe(1);
});

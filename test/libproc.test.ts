// The source libproc, on machine files made here: which processes it tells of, by what they are known, what may be read.

import { bare, failEveryCall, TestSource, withSource, withStarted } from './support/source';
import type { FaultPlan } from './support/exporter';
import type { Life, Machine, Process } from './support/machines';

const SECOND = 24_000_000;

const usage = (user: number, footprint = 1e6) => ({
  user,
  system: 10,
  read: 20,
  written: 30,
  footprint,
  energy: 40,
});

const process = (pid: number, unique: number, more: Partial<Process> = {}): Process => ({
  pid,
  unique,
  coalition: 7,
  uid: 501,
  path: `/usr/bin/p${pid}`,
  comm: `p${pid}`,
  start: unique * 1000,
  usage: usage(100),
  ...more,
});

const macWith = (processes: Process[], more: { uid?: number; rusage?: number } = {}): Machine =>
  bare({ libproc: { uid: 501, rusage: 6, processes, ...more } });

const open = (machine: Machine, plan: FaultPlan = {}): TestSource =>
  new TestSource(machine, 'libproc', {}, plan);

const using = (machine: Machine, use: (source: TestSource) => Promise<void>, plan: FaultPlan = {}) =>
  withStarted(open(machine, plan), use);

const KERNEL = process(0, 0, { uid: 0, path: null, comm: 'kernel_task' });
const WINDOW_SERVER = process(440, 10, { uid: 88, coalition: 5 });
const SHELL = process(450, 11);

test('a row for each process of every user, with what this user may know of it', async () => {
  await using(macWith([KERNEL, WINDOW_SERVER, SHELL]), async (source) => {
    const { rows, failures } = await source.readRows();
    expect(failures).toEqual([]);
    const unknown = { ri_user_time: NaN, ri_system_time: NaN, ri_phys_footprint: NaN, ri_energy_nj: NaN };
    expect(rows).toHaveLength(3);
    expect(rows![0]).toMatchObject({ pid: 0, p_uniqueid: 0, coalition_id: 7, ...unknown });
    expect(rows![1]).toMatchObject({ pid: 440, p_uniqueid: 10, coalition_id: 5, ...unknown });
    expect(rows![2]).toEqual({
      pid: 450,
      p_uniqueid: 11,
      coalition_id: 7,
      ri_user_time: 100,
      ri_system_time: 10,
      ri_diskio_bytesread: 20,
      ri_diskio_byteswritten: 30,
      // The file says nothing else.
      ri_resident_size: 1e6,
      ri_phys_footprint: 1e6,
      ri_energy_nj: 40,
    });
  });
});

test('root may know all of it', async () => {
  await using(macWith([WINDOW_SERVER, SHELL], { uid: 0 }), async (source) => {
    const { rows } = await source.readRows();
    expect(rows!.map(({ ri_user_time: user }) => user)).toEqual([100, 100]);
  });
});

test('executables are known by p_uniqueid, the kernel by the name it has for itself', async () => {
  await using(macWith([KERNEL, WINDOW_SERVER]), async (source) => {
    await source.readRows();
    expect(await source.names(10, 0, 99)).toEqual(['/usr/bin/p440', 'kernel_task', '']);
  });
});

test('an older kernel has no energy of processes', async () => {
  await using(macWith([SHELL], { rusage: 4 }), async (source) => {
    const { rows, failures } = await source.readRows();
    expect(failures).toEqual([]);
    expect(rows![0]).toMatchObject({ ri_user_time: 100, ri_phys_footprint: 1e6, ri_energy_nj: NaN });
    expect(source.calls('proc_pid_rusage')).toBe(2);
    await source.readRows();
    // What it does not know is asked for once.
    expect(source.calls('proc_pid_rusage')).toBe(3);
  });
});

test('usage is not asked for unless it is wanted', async () => {
  await withSource(open(macWith([SHELL])), async (source) => {
    await source.start((name) => name === 'p_uniqueid');
    expect((await source.readRows()).rows).toEqual([{ p_uniqueid: 11 }]);
    expect(source.calls('proc_pid_rusage')).toBe(0);
  });
});

test('more processes than there was room for are all told of', async () => {
  const many = Array.from({ length: 5000 }, (_, i) => process(i, i));
  await using(macWith(many), async (source) => {
    const { rows, failures } = await source.readRows();
    expect(failures).toEqual([]);
    expect(new Set(rows!.map(({ pid }) => pid)).size).toBe(5000);
  });
});

describe('processes that come and go', () => {
  /** A new one every second, which lives for half of it, always with the same pid. */
  const life: Life = { from: 0, to: SECOND / 2, every: SECOND, step: 3 };
  const churn = macWith([SHELL, process(500, 100, { path: '/usr/bin/cc', life, usage: usage(600) })]);

  test('the same pid with another p_uniqueid is another process', async () => {
    await using(churn, async (source) => {
      const uniques = async () => (await source.readRows()).rows!.map(({ p_uniqueid: unique }) => unique);
      expect(await uniques()).toEqual([11, 100]);
      expect(await source.step(0.75).readRows()).toMatchObject({ rows: [{ p_uniqueid: 11 }] });
      expect(await source.names(100)).toEqual(['']);
      source.step(0.25);
      expect(await uniques()).toEqual([11, 103]);
      expect(await source.names(103)).toEqual(['/usr/bin/cc']);
    });
  });

  test('the array keeps its length when there are fewer', async () => {
    await using(churn, async (source) => {
      const { values } = await source.readRows();
      expect((await source.step(0.75).readRows()).values).toBe(values);
      expect((await source.step(0.25).readRows()).values).toBe(values);
    });
  });

  test('what stays the same is asked for once in a life', async () => {
    await using(churn, async (source) => {
      for (let i = 0; i < 10; i++) await source.step(0.01).readRows();
      expect(source.calls('proc_pidpath')).toBe(2);
      // Each time who it is; at first also its coalition, and once more who it is.
      expect(source.calls('proc_pidinfo')).toBe(2 * 10 + 2 * 2);
    });
  });

  test('its counters grow with its age', async () => {
    await using(churn, async (source) => {
      const { rows } = await source.step(0.25).readRows();
      expect(rows![1]).toMatchObject({ ri_user_time: 300, ri_system_time: 5 });
    });
  });
});

describe('failures', () => {
  const gone = (code: number): FaultPlan => ({
    calls: [{ function: 'proc_pidinfo', nth: 1, forever: true, code }],
  });

  test.each([
    ['ESRCH', 3],
    ['EPERM', 1],
  ])('a process that cannot be asked (%s) is left out quietly', async (_, code) => {
    await using(
      macWith([SHELL]),
      async (source) => {
        expect(await source.readRows()).toMatchObject({ rows: [], failures: [] });
      },
      gone(code),
    );
  });

  test('any other error is told once, however many processes have it', async () => {
    const many = Array.from({ length: 50 }, (_, i) => process(i, i));
    await using(
      macWith(many),
      async (source) => {
        const { rows, failures } = await source.readRows();
        expect(rows).toEqual([]);
        expect(failures).toHaveLength(1);
        expect(failures[0]).toMatchObject({ group: 'libproc', code: 45 });
      },
      gone(45),
    );
  });

  test('without the list nothing is known, which is not the same as no process', async () => {
    const machine = macWith([SHELL]);
    await using(machine, async (source) => {
      source.plan({ calls: [{ function: 'proc_listpids', nth: 1, code: 1 }] });
      const { rows, failures } = await source.readRows();
      expect(rows).toBeUndefined();
      expect(failures).toMatchObject([{ group: 'libproc', call: 'proc_listpids', code: 1 }]);
      expect((await source.readRows()).rows).toHaveLength(1);
    });
  });

  test('a path that cannot be had leaves the short name; an identity that changes meanwhile, nothing', async () => {
    const machine = macWith([SHELL]);
    await using(
      machine,
      async (source) => {
        await source.readRows();
        expect(await source.names(11)).toEqual(['p450']);
      },
      { calls: [{ function: 'proc_pidpath', nth: 1, forever: true }] },
    );
    await using(
      machine,
      async (source) => {
        expect((await source.readRows()).rows).toEqual([]);
        expect((await source.readRows()).rows).toHaveLength(1);
      },
      // Who it is, its coalition, and once more who it is.
      { calls: [{ function: 'proc_pidinfo', nth: 3, how: 'garbage' }] },
    );
  });

  test('usage of another process under the same pid is not taken for its own', async () => {
    const life: Life = { from: 0, to: SECOND, every: SECOND, step: 1 };
    await using(macWith([process(500, 100, { life, usage: usage(600) })]), async (source) => {
      await source.step(0.5).readRows();
      // The identity is that of before, the usage already that of the next one.
      source.plan({ calls: [{ function: 'proc_pid_rusage', nth: 1, how: 'garbage' }] });
      const { rows } = await source.readRows();
      expect(rows![0]).toMatchObject({ p_uniqueid: 100, ri_user_time: NaN, ri_phys_footprint: NaN });
    });
  });

  test('every call, in every way: no crash, nothing open, and the rows are true or missing', async () => {
    const machine = macWith([KERNEL, WINDOW_SERVER, SHELL]);
    const faults = await failEveryCall(
      (plan) => open(machine, plan),
      async (source, how) => {
        await source.start();
        for (let i = 0; i < 2; i++) {
          const { rows } = await source.readRows();
          await source.names(0, 10, 11);
          if (how === 'garbage' || rows === undefined) continue;
          for (const { p_uniqueid: unique, pid } of rows)
            expect([0, 440, 450].indexOf(pid!)).toBe([0, 10, 11].indexOf(unique!));
        }
      },
    );
    expect(faults).toBeGreaterThan(200);
  });
});

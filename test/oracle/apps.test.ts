import { labelled } from './apps';
import type { Machine } from './machine';
import { entries } from './registry';
import { small } from './small';
import {
  alive,
  byApp,
  client,
  counter,
  CPU,
  life,
  machineOf,
  memory,
  numbers,
  process,
  READ,
  S,
  total,
  usage,
} from './small_apps';

describe('the counters of an app', () => {
  it('have the units of their words, by app and over all', () => {
    const words = {
      '0': [1, 5],
      '3': [1000, 1000 + Number(S(5))],
      '6': [7, 107],
      '7': ['9007199254740993', '9007199254741003'],
      '11': [1e9, 3e9],
      '38': [0, Number(S(0.5))],
      '39': [0, 5e8],
      '41': [0, 1e9],
    };
    const machine = machineOf({
      processes: [process('App', 440, 612)],
      coalitions: [{ id: 612, words }],
    });
    const expected = {
      mac_app_cpu_seconds_total: 5,
      mac_app_ane_work_seconds_total: 0.5,
      'mac_app_energy_joules_total{rail="cpu"}': 2,
      'mac_app_energy_joules_total{rail="gpu"}': 1,
      'mac_app_energy_joules_total{rail="ane"}': 0.5,
      'mac_app_disk_bytes_total{direction="read"}': 100,
      'mac_app_disk_bytes_total{direction="write"}': 10,
    };
    const { totals, byApp: apps, byProcess } = usage(machine, 0, 3, 10);
    expect(numbers(apps.get('App'))).toEqual(expected);
    expect(numbers(totals)).toEqual({ ...expected, mac_ane_work_seconds_total: 0.5 });
    expect(byProcess.size).toBe(0);
  });

  it('start at 0: what was there at the first collection, and what comes later, are baselines', () => {
    const machine = machineOf({
      processes: [process('Old', 1, 1), process('New', 2, 2, { life: life(2, 10, 100) })],
      coalitions: [
        { id: 1, words: { '6': [5000, 6000] } },
        { id: 2, words: { '6': 800 }, life: life(2, 10, 100) },
      ],
    });
    expect(byApp(machine, READ, 1)).toEqual({ Old: 0 });
    expect(byApp(machine, READ, 1, 2)).toEqual({ Old: 100, New: 0 });
    expect(byApp(machine, READ, 1, 4)).toEqual({ Old: 300, New: 0 });
    expect(byApp(machine, READ, 1, 4, 6)).toEqual({ Old: 500, New: 200 });
    expect(byApp(machine, READ, 1, 4, 6, 12)).toEqual({ Old: 1100, New: 200 });
    expect(total(machine, READ, 1, 4, 6, 12)).toBe(1300);
  });

  it('are those of all its instances: an app that starts again is the same app', () => {
    const machine = machineOf({
      processes: [process('App', 50, 20, { life: { ...life(-1, 3, 4), pids: 3, coalitions: 5 } })],
      coalitions: [{ id: 20, words: { '6': 400 }, life: { ...life(-1, 3, 4), step: 5 } }],
    });
    const seconds = [0, 1, 2, 3, 4, 5, 6];
    // It lives from -1 to 3, from 3 to 7 and so on; what falls between 2 and 3 nobody has read.
    expect(seconds.map((_, i) => byApp(machine, READ, ...seconds.slice(0, i + 1))['App'])).toEqual([
      0, 100, 200, 200, 300, 400, 500,
    ]);
    expect(alive(machine, 0, 3)).toEqual({ 25: 'App' });
    expect(alive(machine, 11)).toEqual({ 35: 'App' });
  });

  it('are those of several coalitions of one name together', () => {
    const machine = machineOf({
      processes: [process('clang', 1, 1), process('clang', 2, 2), process('make', 3, 3)],
      coalitions: [1, 2, 3].map((id) => ({ id, words: { '6': [0, id * 10] } })),
    });
    expect(byApp(machine, READ, 0, 10)).toEqual({ clang: 30, make: 30 });
    expect(alive(machine, 0)).toEqual({ 1: 'clang', 2: 'clang', 3: 'make' });
  });

  it('never fall, even where a word does', () => {
    const machine = machineOf(
      {
        processes: [process('App', 1, 1)],
        coalitions: [{ id: 1, words: { '6': [500, 900, 100, 300] } }],
      },
      [0, 1, 2, 3],
    );
    expect(byApp(machine, READ, 0, 1, 2, 3)).toEqual({ App: 600 });
    expect(byApp(machine, READ, 0, 2, 3)).toEqual({ App: 200 });
    expect(byApp(machine, READ, 1)).toEqual({ App: 0 });
  });

  it('go on from cycle to cycle', () => {
    const machine = machineOf({
      processes: [process('App', 1, 1)],
      coalitions: [{ id: 1, words: { '6': [7, 107] } }],
    });
    expect(byApp(machine, READ, 5, 18, 35)).toEqual({ App: 300 });
  });

  it('of a coalition without words are not there', () => {
    const machine = machineOf({
      processes: [process('App', 1, 1), process('Gone', 2, 2, { footprint: 5 })],
      coalitions: [{ id: 1, words: {} }, { id: 2 }],
    });
    expect(byApp(machine, CPU, 0, 10)).toEqual({ App: 0 });
    expect(alive(machine, 0)).toEqual({ 1: 'App' });
    expect(memory(machine, 0)).toEqual({});
    const nobody = usage(machineOf({ processes: [process('Gone', 2, 2)], coalitions: [{ id: 2 }] }), 0, 1);
    expect([...nobody.totals, ...nobody.byApp]).toEqual([]);
  });
});

describe('words that a Mac does not count', () => {
  const words = { '3': 24, '38': [0, 0, 24e6], '39': 0, '41': 5 };
  const keys = (machine: Machine, ...seconds: readonly number[]) => [
    ...usage(machine, ...seconds).totals.keys(),
  ];
  const DISK = [READ, 'mac_app_disk_bytes_total{direction="write"}'];
  const machine = (bytes: number) =>
    machineOf({ bytes, processes: [process('App', 1, 1)], coalitions: [{ id: 1, words }] }, [0, 5, 10]);

  it('beyond what the kernel fills in', () => {
    expect(keys(machine(336), 0)).toEqual([CPU, 'mac_app_energy_joules_total{rail="gpu"}', ...DISK]);
    expect(keys(machine(328), 0)).toEqual([CPU, ...DISK]);
    expect(keys(machine(335), 0)).toEqual([CPU, ...DISK]);
    expect(keys(machine(24), 0)).toEqual([]);
  });

  it('are not shown while all of them are 0', () => {
    const ane = [
      'mac_app_ane_work_seconds_total',
      'mac_app_energy_joules_total{rail="gpu"}',
      ...DISK,
      'mac_ane_work_seconds_total',
    ];
    expect(keys(machine(360), 0, 5)).not.toContain('mac_ane_work_seconds_total');
    expect(keys(machine(360), 0, 5, 7)).toEqual([CPU, ...ane]);
    expect(total(machine(360), 'mac_ane_work_seconds_total', 0, 5, 10)).toBe(1);
  });

  it('are shown for good once one was not 0, though its coalition is gone', () => {
    const gone = machineOf({
      processes: [process('App', 1, 1)],
      coalitions: [
        { id: 1, words: { '38': 0 } },
        { id: 2, words: { '38': 24e6 }, life: life(1, 3, 100) },
      ],
    });
    expect(keys(gone, 0, 1)).not.toContain('mac_ane_work_seconds_total');
    expect(total(gone, 'mac_ane_work_seconds_total', 0, 2)).toBe(0);
    expect(total(gone, 'mac_ane_work_seconds_total', 0, 1, 2, 5)).toBe(0.5);
  });
});

describe('the name of an app', () => {
  const words = { '6': [0, 1000] };

  it('is the last component of the leader’s path, or else what the kernel calls it', () => {
    const machine = machineOf({
      processes: [
        process('Helper', 300, 1, { unique: 90 }),
        process('Chrome.app/Contents/MacOS/Google Chrome', 400, 1, { unique: 80 }),
        process('kernel_task', 0, 2, { path: null }),
      ],
      coalitions: [
        { id: 1, words },
        { id: 2, words },
      ],
    });
    expect(alive(machine, 0)).toEqual({ 1: 'Google Chrome', 2: 'kernel_task' });
  });

  it('stays when the leader is gone', () => {
    const machine = machineOf({
      processes: [process('Leader', 1, 1, { life: life(-5, 3, 100) }), process('Child', 2, 1)],
      coalitions: [{ id: 1, words }],
    });
    expect(alive(machine, 0, 5)).toEqual({ 1: 'Leader' });
    expect(byApp(machine, READ, 0, 5, 10)).toEqual({ Leader: 1000 });
    // Who comes later does not know.
    expect(alive(machine, 5)).toEqual({ 1: 'Child' });
  });

  it('is that of whom it was first seen with, though an older one should come', () => {
    const machine = machineOf({
      processes: [
        process('Early', 7, 1, { unique: 70 }),
        process('Late', 6, 1, { unique: 60, life: life(2, 9, 100) }),
      ],
      coalitions: [{ id: 1, words }],
    });
    expect(alive(machine, 0, 5)).toEqual({ 1: 'Early' });
    expect(alive(machine, 5)).toEqual({ 1: 'Late' });
  });

  it('comes with the first member; what was used before is in the total only', () => {
    const machine = machineOf({
      processes: [process('App', 1, 1, { life: life(4, 9, 100) })],
      coalitions: [{ id: 1, words }],
    });
    expect(byApp(machine, READ, 0, 2)).toEqual({});
    expect(byApp(machine, READ, 0, 2, 3, 5, 9.5)).toEqual({ App: 650 });
    expect(total(machine, READ, 0, 2, 3, 5, 9.5)).toBe(950);
    expect(alive(machine, 0, 2, 3)).toEqual({});
    expect(alive(machine, 0, 5, 9.5)).toEqual({ 1: 'App' });
  });
});

it('clients that come and go are no entries of the other oracles', () => {
  const machine = machineOf({ clients: [client(5, 1, []), client(6, 1, [], life(0, 1, 2))] });
  expect(entries(machine).map(({ entry }) => entry.id)).toEqual([10, 5]);
});

it('a key has the label of the app first', () => {
  expect(labelled(CPU, 'app', 'a"b')).toBe('mac_app_cpu_seconds_total{app="a\\"b"}');
  expect(labelled(READ, 'app', 'x{y}')).toBe('mac_app_disk_bytes_total{app="x{y}",direction="read"}');
});

it('a machine without any of it has no apps', () => {
  const machine = small({});
  expect([...usage(machine, 0, 1).totals]).toEqual([]);
  expect([memory(machine, 0), alive(machine, 0)]).toEqual([{}, {}]);
});

it('hundreds of collections of thousands of processes are a matter of seconds', () => {
  const machine = machineOf({
    processes: Array.from({ length: 5000 }, (_, i) =>
      process(`p${i}`, 100 + i, 1 + (i % 900), i < 1000 ? { life: life(-9, 90, 99) } : {}),
    ),
    coalitions: Array.from({ length: 900 }, (_, i) => ({ id: 1 + i, words: { '6': [0, 10] } })),
    clients: Array.from({ length: 500 }, (_, i) => client(1000 + i, 2000 + i, [counter([0, 1000])])),
  });
  const seconds = Array.from({ length: 200 }, (_, i) => i);
  expect(total(machine, READ, ...seconds)).toBe(900 * 199);
});

import { appUsage, lost } from './apps';
import { small } from './small';
import {
  byApp,
  client,
  counter,
  GPU,
  life,
  machineOf,
  ms,
  numbers,
  process,
  S,
  total,
  usage,
} from './small_apps';

describe('GPU time', () => {
  const coalitions = [1, 2].map((id) => ({ id, words: {} }));

  it('is that of all queues of a process’s clients, by process and by app', () => {
    const machine = machineOf({
      processes: [process('Browser', 440, 1), process('GPU Helper', 441, 1), process('Game', 442, 2)],
      coalitions,
      clients: [
        client(100, 440, [counter([0, ms(100)])]),
        client(101, 441, [counter([ms(7), ms(207)]), counter([0, ms(50)])]),
        client(102, 441, [counter([0, ms(1)])]),
        client(103, 442, []),
      ],
    });
    const { totals, byProcess } = usage(machine, 0, 4, 10);
    expect(numbers(byProcess)).toEqual({ Browser: 0.1, 'GPU Helper': 0.251, Game: 0 });
    expect(byApp(machine, GPU, 0, 10)).toEqual({ Browser: 0.351, Game: 0 });
    expect(numbers(totals)).toMatchObject({ [GPU]: 0.351, mac_process_gpu_seconds_total: 0.351 });
  });

  it('of a new client counts whole: its id is above all others', () => {
    const machine = machineOf({
      processes: [process('Old', 1, 1), process('New', 2, 2, { life: life(1, 9, 100) })],
      coalitions,
      clients: [
        client(100, 1, [counter([0, ms(10)])]),
        client(200, 2, [counter(ms(800))], life(1, 9, 100)),
        client(50, 2, [counter(ms(800))], life(1, 9, 100)),
      ],
    });
    // 300 ms of the first whole, of the other only what comes after.
    expect(numbers(usage(machine, 0, 4).byProcess)).toEqual({ Old: 0.004, New: 0.3 });
    expect(numbers(usage(machine, 0, 4, 5).byProcess)).toEqual({ Old: 0.005, New: 0.5 });
    expect(lost(machine, [0, 4, 5].map(S))).toEqual({ ended: 0n, before: BigInt(ms(300)) });
    // At the first collection nothing is new.
    expect(numbers(usage(machine, 4, 5).byProcess)).toEqual({ Old: 0.001, New: 0.2 });
  });

  it('of a new client counts whole where there was none before', () => {
    const machine = machineOf({
      processes: [process('App', 1, 1)],
      coalitions,
      clients: [client(5, 1, [counter(ms(800))], life(1, 9, 100))],
    });
    expect(usage(machine, 0).totals.has(GPU)).toBe(false);
    expect(total(machine, GPU, 0, 5)).toBe(0.4);
  });

  it('of which nobody read the end is lost, and that of a client between two collections', () => {
    const machine = machineOf({
      processes: [process('App', 1, 1)],
      coalitions,
      clients: [client(5, 1, [counter(ms(200)), counter(ms(100))], life(0, 2, 3))],
    });
    const collections = [0, 1, 2, 4, 8, 11].map(S);
    // The births are at 0, 3, 6 and 9: half of the first, of the second, nothing of the third and the fourth.
    expect(total(machine, GPU, 0, 1, 2, 4, 8, 11)).toBe(0.3);
    expect(lost(machine, collections)).toEqual({ ended: BigInt(ms(900)), before: 0n });
    expect(lost(machine, [0, 1].map(S))).toEqual({ ended: 0n, before: 0n });
  });

  it('is all there is, counted and lost, of lives that begin and end between collections', () => {
    const machine = machineOf({
      processes: [process('App', 1, 1)],
      coalitions,
      clients: [
        client(1000, 1, [counter(ms(700))], life(0.1, 6, 3)),
        client(1050, 1, [counter(ms(300))], life(0.2, 0.9, 1)),
        client(990, 1, [counter(ms(100))], life(0.3, 20, 30)),
      ],
    });
    const collections = [0, 0.7, 1.1, 3, 4.5, 8, 8.1, 21, 40.25].map(S);
    const { ended, before } = lost(machine, collections);
    const counted = appUsage(machine, collections).totals.get(GPU)!.n;
    // The last births are at 39.1, 40.2 and 30.3 s.
    const used = 12 * 700 + 40 * 300 + 100 + (700 * (4.15 + 1.15)) / 5.9 + (300 * 0.05) / 0.7;
    const ofThird = (100 * 9.95) / 19.7;
    const all = Number(ended + before + counted);
    expect(Math.abs(all - ms(used + ofThird))).toBeLessThan(100);
    expect([ended, before, counted].every((part) => part > 0n)).toBe(true);
  });

  it('never falls, even where a client’s does', () => {
    const machine = machineOf(
      {
        processes: [process('App', 1, 1)],
        coalitions,
        clients: [client(5, 1, [counter([ms(50), ms(20), ms(40)])]), client(6, 1, [[ms(9), ms(8), ms(10)]])],
      },
      [0, 1, 2],
    );
    expect(total(machine, GPU, 0, 1, 2)).toBe(0.022);
  });

  it('belongs to who had the pid when the client was first seen', () => {
    const machine = machineOf({
      processes: [
        process('First', 440, 1, { life: life(-1, 3, 100) }),
        process('Second', 440, 2, { life: life(3, 9, 100) }),
      ],
      coalitions,
      clients: [
        client(5, 440, [counter(ms(400))], life(-1, 3, 100)),
        client(6, 440, [counter(ms(600))], life(3, 9, 100)),
      ],
    });
    expect(numbers(usage(machine, 0, 2, 5).byProcess)).toEqual({ First: 0.2, Second: 0.2 });
    expect(byApp(machine, GPU, 0, 2, 5, 10)).toEqual({ First: 0.2, Second: 0.2 });
  });

  it('follows pids in turn', () => {
    const turn = process('Even', 440, 1, { life: { ...life(0, 2, 2), pids: 2 } });
    const processes = [turn, process('Odd', 9, 2)];
    const later = client(5, 441, [counter(ms(200))], life(2, 4, 4));
    const machine = machineOf({ processes, coalitions, clients: [later, client(1, 9, [counter(0)])] });
    expect(numbers(usage(machine, 1, 3, 5, 7).byProcess)).toEqual({ Odd: 0, Even: 0.2 });
    // At 1 s the process has the pid 440, and nobody 441.
    const early = machineOf({ processes, coalitions, clients: [client(5, 441, [counter([0, ms(10)])])] });
    expect(numbers(usage(early, 1, 3).byProcess)).toEqual({});
    expect(total(early, 'mac_process_gpu_seconds_total', 1, 3)).toBe(0.002);
  });

  it('of a client that is no child of the accelerator is not there', () => {
    const stray = { ...client(5, 1, [counter([0, 1])]), children: [client(6, 1, [counter([0, 1])])] };
    const machine = small({
      libproc: { uid: 0, rusage: 6, processes: [process('App', 1, 1)] },
      coalition: { bytes: 360, coalitions },
      ioregistry: [stray],
    });
    expect([...usage(machine, 0, 1).totals.keys()]).not.toContain(GPU);
  });
});

import { processesAlive } from './apps';
import { alive, life, machineOf, memory, process, S } from './small_apps';

describe('the memory of an app', () => {
  const coalitions = [1, 2, 3].map((id) => ({ id, words: {} }));
  const processes = [
    process('App', 1, 1, { footprint: [100, 200] }),
    process('Child', 2, 1, { footprint: 30 }),
    process('App', 3, 2, { footprint: 4, life: life(2, 6, 100) }),
    process('Daemon', 4, 3, { footprint: 5000, uid: 0 }),
  ];

  it('is the footprint of all living processes of its coalitions', () => {
    const machine = machineOf({ processes, coalitions });
    expect(memory(machine, 0)).toEqual({ App: 130 });
    expect(memory(machine, 0, 3)).toEqual({ App: 134 });
    expect(memory(machine, 0, 3, 10)).toEqual({ App: 230 });
  });

  it.each([
    ['of another user', 501, { footprint: 9, uid: 88 }, {}],
    ['that root may read', 0, { footprint: 9, uid: 88 }, { App: 139, Daemon: 5000 }],
    ['without usage', 501, {}, {}],
    ['without usage, though asked by root', 0, {}, { Daemon: 5000 }],
  ])('is not known with a process %s', (_, uid, more, expected) => {
    const machine = machineOf({ uid, coalitions, processes: [...processes, process('Extra', 9, 1, more)] });
    expect(memory(machine, 0)).toEqual(expected);
  });

  it('is back when the process is gone that could not be read', () => {
    const gone = process('Gone', 9, 1, { life: life(0, 5, 100) });
    const machine = machineOf({ processes: [...processes, gone], coalitions });
    expect(memory(machine, 0, 1)).toEqual({});
    expect(memory(machine, 0, 1, 7)).toEqual({ App: 130 });
  });

  it('of an app without processes is not there', () => {
    const short = process('App', 1, 1, { footprint: 5, life: life(0, 2, 9) });
    const machine = machineOf({ processes: [short], coalitions });
    expect(memory(machine, 0)).toEqual({ App: 5 });
    expect(memory(machine, 0, 3)).toEqual({});
    expect(alive(machine, 0, 3)).toEqual({ 1: 'App' });
  });
});

it('counts the processes', () => {
  const machine = machineOf({
    processes: [process('A', 1, 1), process('B', 2, 1, { life: { ...life(-4, 2, 2), pids: 9 } })],
  });
  expect([0, 2, 3].map((seconds) => processesAlive(machine, S(seconds)))).toEqual([4, 4, 4]);
  const late = machineOf({ processes: [process('C', 3, 1, { life: life(5, 6, 100) })] });
  expect([0, 5, 6].map((seconds) => processesAlive(late, S(seconds)))).toEqual([0, 1, 0]);
});

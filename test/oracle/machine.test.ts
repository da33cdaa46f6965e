import { exact, toNumber } from './exact';
import { stateStamps } from './ioreport';
import { energies, SECOND, small, states } from './small';
import { truth } from './truth';

const S = (seconds: number): bigint => BigInt(Math.round(seconds * Number(SECOND)));

describe('time', () => {
  const machine = small({}, [0, 1, 3]);

  it('a gauge steps at its frame, and the last frame lasts one instant of each cycle', () => {
    const at = (ticks: bigint) => machine.gauge([10, 20, 30], ticks);
    expect([0n, S(1) - 1n, S(1), S(3) - 1n, S(3), S(3) + 1n, S(4), S(6), S(6) + 1n].map(at)).toEqual([
      10, 10, 20, 20, 30, 10, 20, 30, 10,
    ]);
  });

  it('a counter grows linearly and goes on in the next cycle', () => {
    const at = (ticks: bigint) => machine.counter([100, 200, 250], ticks);
    expect([0n, S(0.5), S(1), S(2), S(3), S(3.5), S(4), S(6), S(7)].map(at)).toEqual(
      [100, 150, 200, 225, 250, 300, 350, 400, 500].map(BigInt),
    );
  });

  it('a counter is rounded down between frames', () => {
    expect(machine.counter([0, 1, 1], S(1) - 1n)).toBe(0n);
    expect(machine.counter([0, 3, 3], S(0.5))).toBe(1n);
  });

  it('a reset holds the old value until the next frame; a cycle that lost does not add up', () => {
    const at = (ticks: bigint) => machine.counter([100, 10, 40], ticks);
    expect([S(0.9), S(1), S(2), S(3), S(3.5), S(4)].map(at)).toEqual([100, 10, 25, 40, 100, 10].map(BigInt));
  });

  it('values of 64 bits lose nothing', () => {
    const series = ['9223372036854775806', '9223372036854775807', '9223372036854775807'];
    expect(machine.counter(series, S(1) - 1n)).toBe(9223372036854775806n);
    expect(machine.counter(series, S(1))).toBe(9223372036854775807n);
  });

  it('a single frame stands still', () => {
    const still = small({}, [0]);
    expect(still.counter([7], S(100))).toBe(7n);
    expect(still.gauge([7], S(100))).toBe(7);
  });

  it('a number that JSON could not keep is refused', () => {
    expect(() => machine.counter(2 ** 53, 0n)).toThrow('write it as a string');
  });

  it('the wrong number of values is refused', () => {
    expect(() => machine.counter([1, 2], 0n)).toThrow('2 values, but there are 3 frames');
  });

  it('ticks are 125/3 ns', () => {
    expect(machine.ticks(2.5)).toBe(60_000_000n);
    expect(toNumber(machine.seconds(60_000_000n))).toBe(2.5);
  });
});

describe('publication', () => {
  const machine = small({}, [0, 10]);
  const at = (until?: number) => (seconds: number) => {
    const publish = { period: Number(S(2)), at: [Number(S(0.5)), Number(S(0.6))] };
    const limited = until === undefined ? publish : { ...publish, until: Number(S(until)) };
    return Number(machine.published(limited, S(seconds))) / Number(SECOND);
  };

  it('is at open and at each phase of each period', () => {
    expect([0, 0.4, 0.5, 0.55, 0.6, 2.4, 2.5, 2.7].map(at())).toEqual([0, 0, 0.5, 0.5, 0.6, 0.6, 2.5, 2.6]);
  });

  it('ends', () => {
    expect([2.4, 2.5, 2.7, 9].map(at(2.5))).toEqual([0.6, 2.5, 2.5, 2.5]);
  });

  it('holds the value of its instant', () => {
    const publish = { period: Number(S(2)), at: [0] };
    const held = small({ ioreport: [energies('mJ', [['ANE0', 0, 10_000]], publish)] }, [0, 10]);
    const joules = (seconds: number) => {
      const value = truth(held).counters(S(seconds)).get('mac_energy_joules_total{rail="ane",die=""}');
      return value && toNumber(value);
    };
    expect([0, 1.99, 2, 3.99, 4].map(joules)).toEqual([0, 0, 2, 2, 4]);
  });

  it('a state is stamped when it last grew', () => {
    const block = states('GPU Stats', 'GPU Performance States', ['OFF', 'P1', 'P2'], {
      GPUPH: [
        [0, 0, 5],
        [10, 0, 5],
        [10, 10, 5],
      ],
    });
    const stamps = (seconds: number) => stateStamps(small({}, [0, 1, 3]), block, 0, S(seconds));
    expect(stamps(0.5)).toEqual([S(0.5), undefined, undefined]);
    expect(stamps(2)).toEqual([S(1), S(2), undefined]);
    expect(stamps(3.5)).toEqual([S(3.5), S(3), undefined]);
  });
});

it('sleep is what continuous time has more than absolute time', () => {
  const machine = small({}, [0, 1, 2]);
  const [a = 0, b = 0, c = 0] = machine.file.clock.absolute.map(Number);
  const slept = small(
    {
      clock: {
        timebase: [125, 3],
        absolute: [a, b, c],
        continuous: [a, b + Number(S(60)), c + Number(S(60))],
      },
    },
    [0, 1, 2],
  );
  const seconds = [0, 0.9, 1, 2, 2.5, 3, 4].map((s) => toNumber(slept.seconds(slept.asleep(S(s)))));
  expect(seconds).toEqual([0, 0, 60, 60, 60, 120, 120]);
});

it('a quotient becomes the nearest double', () => {
  expect(toNumber(exact(1, 3))).toBe(1 / 3);
  expect(toNumber(exact(-10, 4))).toBe(-2.5);
  expect(toNumber(exact(9007199254740993n * 3n, 3n))).toBe(9007199254740992);
  expect(toNumber(exact(2n ** 80n + 1n, 2n ** 80n))).toBe(1);
  expect(toNumber(exact(123456789012345678901n, 10n ** 9n))).toBe(Number('123456789012.345678901'));
});

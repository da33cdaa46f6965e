import type { MachineFile, Properties } from './format';
import { SECOND, small } from './small';
import { truth } from './truth';

const plain = (parts: Partial<MachineFile>, ticks = 0n) => truth(small(parts)).gauges(ticks).plain;
const battery = (properties: Properties, ticks = 0n) =>
  plain(
    { ioregistry: [{ id: 1, class: ['AppleSmartBattery'], name: 'AppleSmartBattery', properties }] },
    ticks,
  );

describe('the battery', () => {
  it('its ratios, flags and times', () => {
    const full = {
      CurrentCapacity: [85, 84],
      MaxCapacity: 100,
      AppleRawMaxCapacity: 6764,
      NominalChargeCapacity: 6900,
      DesignCapacity: 8579,
      CycleCount: 201,
      IsCharging: false,
      ExternalConnected: true,
      TimeRemaining: [133, 65_535],
    };
    expect(Object.fromEntries(battery(full))).toEqual({
      mac_battery_charge_ratio: 0.85,
      mac_battery_health_ratio: 6764 / 8579,
      mac_battery_cycles: 201,
      mac_battery_charging: 0,
      mac_external_power: 1,
      mac_battery_time_remaining_seconds: 7980,
    });
    const later = battery(full, SECOND);
    expect(later.get('mac_battery_charge_ratio')).toBe(0.84);
    expect(later.has('mac_battery_time_remaining_seconds')).toBe(false);
  });

  // Published samples of PowerTelemetryData: SystemLoad = SystemPowerIn - BatteryPower.
  it.each([
    [14_960, 14_960, 0, 0],
    [12_080, 9810, 2270, -2.27],
    [48_400, 75_100, '18446744073709524916', 26.7],
  ])('%d mW in, %d mW used: BatteryPower %s is %d W out of the battery', (powerIn, load, power, watts) => {
    expect(powerIn - load).toBe(Number(BigInt.asIntN(64, BigInt(power))));
    const telemetry = { dict: { SystemPowerIn: powerIn, SystemLoad: load, BatteryPower: [power, power] } };
    expect(battery({ PowerTelemetryData: telemetry }).get('mac_battery_power_watts')).toBe(watts);
  });

  it('no battery, nothing about one', () => {
    expect([...plain({}).keys()].filter((key) => /battery|external/.test(key))).toEqual([]);
  });
});

describe('notify', () => {
  const states = (notify: MachineFile['notify'], virtual = 0, ticks = 0n) => {
    const sysctl = { 'kern.hv_vmm_present': ['u32', virtual] } as const;
    const all = plain({ ...(notify && { notify }), sysctl }, ticks);
    return [all.get('mac_low_power_mode'), all.get('mac_thermal_pressure_level')];
  };
  const PRESSURE = 'com.apple.system.thermalpressurelevel';

  it.each([
    ['as posted', { [PRESSURE]: [1, 3], 'com.apple.system.lowpowermode': 1 }, 0, [1, 1]],
    ['nobody posted', {}, 0, [0, 0]],
    ['nobody measures in a virtual machine', {}, 1, [0, undefined]],
    ['a level that nobody described', { [PRESSURE]: 5 }, 0, [0, undefined]],
    ['no notifyd', undefined, 0, [undefined, undefined]],
  ] as const)('%s', (_, notify, virtual, expected) => {
    expect(states(notify, virtual)).toEqual(expected);
  });

  it('steps from frame to frame', () => {
    expect(states({ [PRESSURE]: [1, 3] }, 0, SECOND)).toEqual([0, 3]);
  });
});

describe('Metal', () => {
  const metal = (families: readonly number[], way: { default: boolean; listed: boolean }, sizes = [1, 2]) => {
    const device = { name: 'Apple M1', recommendedMaxWorkingSetSize: sizes, families };
    const all = [...plain({ metal: { ...way, devices: [device] } })];
    return all.filter(([key]) => key.includes('metal'));
  };
  const BOTH = { default: true, listed: true };

  it.each([
    [[1001, 1007], ''],
    [[1001, 1009, 5001], 'Metal 3'],
    [[1010, 5001, 5002], 'Metal 4'],
  ])('the families %p are %p', (families, name) => {
    const info = `mac_gpu_info{name="",metal_family="${name}"}`;
    expect(metal(families, BOTH).some(([key]) => key === info)).toBe(name !== '');
  });

  it('is asked in both ways', () => {
    const [size, family] = [
      ['mac_metal_recommended_max_bytes', 1],
      ['mac_gpu_info{name="",metal_family="Metal 3"}', 1],
    ];
    expect(metal([5001], { default: true, listed: false })).toEqual([size, family]);
    expect(metal([5001], { default: false, listed: true })).toEqual([size, family]);
    expect(metal([5001], { default: false, listed: false })).toEqual([]);
  });
});

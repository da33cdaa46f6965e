// AppleSmartBattery: the pack, its gas gauge and the power telemetry.
import type { Draw } from './draw';
import { charging } from './smc';
import type { Entry, Facts, Value, Workload } from './types';
import { at, constant, sum } from './workload';

const UNKNOWN = 65_535; // minutes
const ADAPTER = { millivolts: 20_108, loss: 0.017 };

export function batteryEntries(facts: Facts, workload: Workload, drawn: Draw): Entry[] {
  const pack = facts.battery;
  if (pack === undefined) return [];
  const { charge, source, ...rest } = { ...FULL, ...workload.supply };
  const load = mean(drawn.system) * 1000;
  const outside = source === 'mains';
  const into = outside ? charging(workload) * 1000 : -load;
  const milliamperes = Math.round((into / pack.millivolts) * 1000);
  const charges = [charge].flat();
  const left = charges.map((share) => Math.round(pack.full * share));
  const minutes = (capacity: number) =>
    milliamperes === 0 ? UNKNOWN : Math.min(UNKNOWN, Math.round((capacity / Math.abs(milliamperes)) * 60));
  const toEmpty = left.map((capacity) => (outside ? UNKNOWN : minutes(capacity)));
  const toFull = left.map((capacity) => (into > 0 ? minutes(pack.full - capacity) : UNKNOWN));
  const signed = (value: number): Value => wrapped(value, drawn.system.length);
  return [
    {
      id: 4294967710,
      class: ['AppleSmartBattery', 'IOPMPowerSource', 'IOService'],
      name: 'AppleSmartBattery',
      properties: {
        BatteryInstalled: true,
        ExternalConnected: outside,
        IsCharging: rest.charging ?? false,
        FullyCharged: outside && charges.every((share) => share === 1),
        CurrentCapacity: constant(charges.map((share) => Math.round(share * 100))), // percent on Apple Silicon, as MaxCapacity
        MaxCapacity: 100,
        AppleRawCurrentCapacity: constant(left),
        AppleRawMaxCapacity: pack.full,
        NominalChargeCapacity: pack.nominal ?? Math.round(pack.full * 1.02),
        DesignCapacity: pack.design,
        CycleCount: pack.cycles,
        DesignCycleCount9C: 1000,
        Temperature: Math.round(pack.celsius * 100),
        Voltage: pack.millivolts,
        AppleRawBatteryVoltage: pack.millivolts,
        Amperage: signed(milliamperes),
        InstantAmperage: signed(Math.round(milliamperes * 1.02)),
        TimeRemaining: constant(toEmpty.map((value, n) => Math.min(value, at(toFull, n)))),
        AvgTimeToEmpty: constant(toEmpty),
        AvgTimeToFull: constant(toFull),
        PowerTelemetryData: { dict: telemetry(Math.round(load), Math.round(into), signed) },
      },
    },
  ];
}

const FULL: NonNullable<Workload['supply']> = { charge: 1, source: 'mains' };

/** SystemLoad = SystemPowerIn − BatteryPower, which is positive into the battery: samples in exelban/stats and others. */
function telemetry(load: number, into: number, signed: (value: number) => Value): Record<string, Value> {
  const powerIn = Math.max(0, load + into);
  return {
    SystemPowerIn: powerIn,
    SystemLoad: powerIn - into,
    SystemVoltageIn: powerIn === 0 ? 0 : ADAPTER.millivolts,
    SystemCurrentIn: Math.round((powerIn / ADAPTER.millivolts) * 1000),
    BatteryPower: signed(into),
    AdapterEfficiencyLoss: Math.round(powerIn * ADAPTER.loss),
  };
}

/** The registry holds negative numbers as unsigned ones of 64 bits. Only in an array does the format tell them from texts. */
function wrapped(value: number, frames: number): Value {
  if (value >= 0) return value;
  return Array.from({ length: frames }, () => BigInt.asUintN(64, BigInt(value)));
}

const mean = (values: readonly number[]) => sum(values) / values.length;

// Numbers that alerts and panels share: what is red in a panel is what an alert is about.

/** memory_pressure_level. */
export const PRESSURE = { green: 0, yellow: 1, red: 2 } as const;

/** mac_memory_pressure_kernel_level. */
export const KERNEL_PRESSURE = { normal: 1, warning: 2, critical: 4 } as const;

/** mac_thermal_pressure_level. */
export const THERMAL = { nominal: 0, moderate: 1, heavy: 2, trapping: 3, sleeping: 4 } as const;

/** Bytes a second written to swap: more is thrashing, not tidying up. */
export const SWAPPED_OUT = 10e6;

/** Metal memory as a share of the recommended maximum. */
export const METAL_ALLOC = { high: 0.85, nearLimit: 0.95 } as const;

/**
 * Share of the GPU's active time under its thermal controller. Shares up to 0.54 were published of Macs at nominal
 * thermal pressure: by itself it is no sign of trouble.
 */
export const CLTM_SHARE = 0.8;

/** Share of time the GPU must be active for its limits to matter. */
export const GPU_ACTIVE = 0.5;

/** Celsius. Chips of laptops work at 95 for hours. */
export const TEMPERATURE = { warm: 85, hot: 100 } as const;

/** Seconds since the driver last published a rail; the batches of macOS 27 are 2 s apart. */
export const PUBLICATION_AGE = 60;

/** Seconds after which the exporter leaves a rail out. */
export { DEAD_AFTER as RAIL_DEAD } from '../src/decode/energy';

/** Share of a fleet that is down together. */
export const FLEET_DOWN = 0.1;

/** Seconds between two boot times of one boot: the kernel moves it whenever the clock is set. */
export const BOOT_TIME_MOVED = 60;

/** Starts of the exporter within an hour. */
export const RESTARTS = 3;

/** Share of the battery's charge. */
export const BATTERY_LOW = 0.2;

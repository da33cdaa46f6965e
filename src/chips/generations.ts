// What differs between chips and cannot be asked for, as data. Nothing here is needed for a chip that keeps the
// grammar: tables are found by their number of entries, tiers by their names in sysctl.

/**
 * pmgr's `voltage-states<N>-sram` by cluster letter, best first. Seen on: E and P on M1 to M5 and A18, 13 as a second
 * table of P on M2 Max, M3 Ultra and M4 Pro, 22 and 23 for the two M clusters of M5 Pro and M5 Max (base M5 has none).
 */
export const CPU_TABLES: Readonly<Record<string, readonly number[]>> = { E: [1], P: [5, 13], M: [22, 23] };

/** Tables of other rails: 8 is the ANE's (and reaches CPU-like clocks on some chips), 9 and 14 the GPU's. */
export const NOT_CPU_TABLES: readonly number[] = [8, 9, 14];

/** How many table numbers are asked for. The highest seen is 23. */
export const TABLE_NUMBERS = 48;

/** The cluster letter of the fastest tier (perflevel 0) on every chip seen: "Performance" to M4, "Super" from M5. */
export const TOP_TIER_LETTER = 'P';

/** MTLGPUFamily by its number in Metal's public header. Metal 4 is every Apple Silicon Mac from macOS 26. */
export const METAL_FAMILIES: Readonly<Record<number, string>> = { 5001: 'Metal 3', 5002: 'Metal 4' };

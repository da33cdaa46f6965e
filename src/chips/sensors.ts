// Temperature sensors: which SMC key measures what, and which values are no temperatures.
//
// Keys are four characters; the same four mean different parts on different chips, so core keys are chosen by chip. What
// is common to 21 published key dumps (M1 Pro to M5 Max, A18 Pro): Tp and Te begin the keys of CPU cores, Tg those of the
// GPU, and TCMb is the hottest of all of them. A chip that is not in the table has those.

export interface Role {
  readonly role: string;
  readonly component: string;
}

/** Label values of `mac_temperature_celsius` when it shows roles. A Mac has `cpu`, or the tiers: 12 at most. */
const COMPONENTS: Readonly<Record<string, string>> = {
  die: 'soc',
  cpu: 'cpu',
  cpu_efficiency: 'cpu',
  cpu_performance: 'cpu',
  cpu_super: 'cpu',
  gpu: 'gpu',
  memory: 'memory',
  storage: 'storage',
  battery: 'battery',
  airflow_left: 'airflow',
  airflow_right: 'airflow',
  palm_rest: 'enclosure',
  wireless: 'wireless',
};
export const ROLES: readonly string[] = Object.keys(COMPONENTS);

type Keys = Readonly<Record<string, string>>;

/** Keys of cores come in threes (lowest, mean, highest of a core) to M4: these are the means. */
const M1_PRO: Keys = {
  cpu_efficiency: 'Te01',
  cpu_performance: 'Tp01 Tp05 Tp09 Tp0D Tp0H Tp0L Tp0P Tp0T Tp0X Tp0b',
  memory: 'Tm01 Tm05 Tm09 Tm0D',
};
const M2_PRO: Keys = {
  cpu_efficiency: 'Te05',
  cpu_performance:
    'Tp01 Tp05 Tp09 Tp0D Tp0X Tp0b Tp0f Tp0j Tp17 Tp1B Tp1F Tp1J Tp1N Tp1h Tp1l Tp1p Tp1t Tp2H',
};
const M3_PRO: Keys = {
  cpu_efficiency: 'Te05 Te0H Te0L',
  cpu_performance:
    'Tp05 Tp0D Tp0L Tp0S Tp0V Tp0b Tp0h Tp0n Tp0v Tp0z Tp17 Tp1F Tp1J Tp1R ' +
    'Tp1h Tp1p Tp1y Tp26 Tp2A Tp2I Tp2Q Tp2Y Tp2g Tp2k Tp2s Tp30 Tp34 Tp3C',
};
const M4_PRO: Keys = {
  cpu_efficiency: 'Te05 Te0S',
  cpu_performance: 'Tp01 Tp05 Tp09 Tp0D Tp0H Tp0L Tp0P Tp0T Tp0X Tp0b Tp0e Tp0i Tp0m Tp0q Tp0v',
};
const M5_PRO: Keys = {
  cpu_super: 'Tp00 Tp04 Tp08 Tp0C Tp0G Tp0K',
  cpu_performance: 'Tp0O Tp0R Tp0U Tp0X Tp0a Tp0d Tp0g Tp0j Tp0m Tp0p Tp0u Tp0y',
};

/**
 * By the chip's name. Known from dkorunic/iSMC's dumps: where TCMb is a core, it is the mean of one of these to the bit,
 * and idle performance clusters that read a sentinel tell Tp (parked) from Te (awake). Base M1 and the tiers of M5 from the key
 * lists of exelban/stats, Tp of base M3 from narugit/smctemp #21.
 */
export const CHIP_KEYS: Readonly<Record<string, Keys>> = {
  M1: {
    cpu_efficiency: 'Tp09 Tp0T',
    cpu_performance: 'Tp01 Tp05 Tp0D Tp0H Tp0L Tp0P Tp0X Tp0b',
    memory: 'Tm02 Tm06 Tm08 Tm09',
  },
  'M1 Pro': M1_PRO,
  'M1 Max': M1_PRO,
  'M1 Ultra': M1_PRO,
  M2: { cpu_efficiency: 'Te05', cpu_performance: 'Tp01 Tp05 Tp09 Tp0D Tp0b Tp0f Tp0j Tp0n Tp0r' },
  'M2 Pro': M2_PRO,
  'M2 Max': M2_PRO,
  'M2 Ultra': M2_PRO,
  M3: {
    cpu_efficiency: 'Te05 Te0H',
    cpu_performance:
      'Tp01 Tp05 Tp09 Tp0D Tp0H Tp0L Tp0P Tp0T Tp0X Tp0b Tp0f Tp0j Tp0n Tp0r Tp0v Tp0z Tp13 Tp17',
  },
  'M3 Pro': M3_PRO,
  'M3 Max': M3_PRO,
  'M3 Ultra': M3_PRO,
  M4: {
    cpu_efficiency: 'Te05 Te09 Te0H Te0S',
    cpu_performance: 'Tp01 Tp05 Tp09 Tp0D Tp0V Tp0Y Tp0b Tp0e Tp1B Tp1F Tp1R',
    memory: 'Tm0p Tm1p Tm2p',
  },
  'M4 Pro': M4_PRO,
  'M4 Max': M4_PRO,
  'M5 Pro': M5_PRO,
  'M5 Max': M5_PRO,
  'A18 Pro': { cpu_efficiency: 'Te05 Te0S', cpu_performance: 'Tp01 Tp05 Tp09 Tp0D Tp0m Tp0q' },
};

/** The same on every chip seen. */
const COMMON_KEYS: Keys = {
  die: 'TCMb',
  storage: 'TH0x',
  battery: 'TB0T TB1T TB2T',
  airflow_left: 'TaLP',
  airflow_right: 'TaRF',
  palm_rest: 'Ts0P Ts1P',
  wireless: 'TW0P',
};
const GPU_PREFIX = 'Tg';
/** Without the chip's own keys the highest of a core counts as well as its mean. */
const CPU_PREFIXES = ['Tp', 'Te'];

const COMPONENT_PREFIXES: Readonly<Record<string, string>> = {
  TC: 'soc',
  Te: 'cpu',
  Tp: 'cpu',
  Tg: 'gpu',
  Tm: 'memory',
  TH: 'storage',
  TB: 'battery',
  Ta: 'airflow',
  TW: 'wireless',
};

/** What a key measures on a chip (`Apple M4 Pro`); undefined for what has no role there. */
export function roleOf(key: string, brand: string): Role | undefined {
  const role = rolesOf(brand).get(key) ?? roleByPrefix(key, brand);
  return role === undefined ? undefined : { role, component: COMPONENTS[role]! };
}

function roleByPrefix(key: string, brand: string): string | undefined {
  const prefix = key.slice(0, 2);
  if (prefix === GPU_PREFIX) return 'gpu';
  // A chip that could not be asked for its name may well be in the table.
  const isUnknown = brand !== '' && !CHIP_KEYS[chipOf(brand)];
  return isUnknown && CPU_PREFIXES.includes(prefix) ? 'cpu' : undefined;
}

const chipOf = (brand: string): string => brand.replace(/^Apple /, '');

const known = new Map<string, ReadonlyMap<string, string>>();

function rolesOf(brand: string): ReadonlyMap<string, string> {
  let roles = known.get(brand);
  if (!roles) {
    const own = CHIP_KEYS[chipOf(brand)] ?? {};
    const entries = Object.entries({ ...COMMON_KEYS, ...own });
    roles = new Map(entries.flatMap(([role, keys]) => keys.split(' ').map((key) => [key, role])));
    known.set(brand, roles);
  }
  return roles;
}

/** What a key measures as far as its first two letters tell; empty where they do not. */
export const componentOf = (key: string): string => COMPONENT_PREFIXES[key.slice(0, 2)] ?? '';

/** Components whose sensors are always on. */
const ALWAYS_ON: ReadonlySet<string> = new Set(['storage', 'battery', 'airflow', 'wireless']);

/**
 * Keys of one name are switched off together (see PARKED), what is computed of cores (TC, TV) with the cores; empty for
 * keys of parts that are always on.
 */
export function clusterOf(key: string): string {
  const component = /^T[CV]/.test(key) ? 'cpu' : componentOf(key);
  return ALWAYS_ON.has(component) ? '' : component || key.slice(0, 2);
}

export const isBatteryKey = (key: string): boolean => COMMON_KEYS['battery']!.split(' ').includes(key);

/** SMC types that hold degrees. Some T keys are counts or flags. */
export const TEMPERATURE_TYPES: ReadonlySet<string> = new Set(['flt ', 'sp78', 'ioft']);

/**
 * HID services on the die: `PMU tdie1`, `PMU2 tdie4`, and on M1 also `PMGR SOC Die Temp Sensor0`, `pACC MTR Temp
 * Sensor2`, `GPU MTR Temp Sensor1` and the like. `tdev` sensors are outside of it.
 */
export const isDieSensor = (product: string): boolean =>
  /\btdie\d+$|\bSOC Die Temp Sensor\d+$|\bMTR Temp Sensor\d+$/.test(product);

/** HID services that answer a constant for calibration, whatever the temperature. */
export const isCalibration = (product: string): boolean => /\b(?:tcal|TR0Z)$/.test(product);

export type Rejection = 'below_15' | 'above_130' | 'parked' | 'calibration';
export const REJECTIONS: readonly Rejection[] = ['below_15', 'above_130', 'parked', 'calibration'];

/** Codes for "switched off" were seen from -22.8 to 12.8; a die that runs is warmer. */
const LOWEST = 15;
/** What is higher is a raw register. */
const HIGHEST = 130;
/** Calibration constants: 51.85 (`PMU tcal`, `TR0Z`) and 77.42 (`Tf06`). */
const CONSTANTS = [51.85, 77.42];
/** A cluster that is switched off reads exactly 40 in all of its sensors. */
export const PARKED = 40;

/** Why a value is no temperature; undefined for one that is. `parked` takes a look at the whole cluster: see PARKED. */
export function rejectionOf(celsius: number, name: string): Rejection | undefined {
  if (isCalibration(name) || CONSTANTS.some((constant) => Math.abs(celsius - constant) < 0.005))
    return 'calibration';
  if (celsius < LOWEST) return 'below_15';
  return celsius > HIGHEST ? 'above_130' : undefined;
}

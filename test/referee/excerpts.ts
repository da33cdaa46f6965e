// What Apple's powermetrics printed on real Macs, as its owners quoted it. `…` stands where the quotation leaves
// steps out.

export interface Excerpt {
  /** Repository and thread, and the Mac. */
  readonly source: string;
  /** Seconds between powermetrics' two samples, where it was quoted. */
  readonly window?: number;
  readonly text: string;
}

export const M1_PRO_GPU: Excerpt = {
  source: 'philipturner/applegpuinfo #7, M1 Pro',
  window: 0.50781,
  text: `
GPU HW active frequency: 389 MHz
GPU HW active residency:   8.49% (389 MHz: 8.5% 486 MHz:   0% 648 MHz:   0% 778 MHz:   0% 972 MHz:   0% 1296 MHz:   0%)
GPU idle residency:  91.51%`,
};

export const M3_AIR_GPU: Excerpt = {
  source: 'philipturner/applegpuinfo #15, M3 Air',
  window: 0.50226,
  text: `
GPU HW active frequency: 338 MHz
GPU HW active residency:  22.25% (338 MHz:  22% 618 MHz:   0% 796 MHz:   0% 836 MHz:   0% 928 MHz:  0% 952 MHz:   0% 1056 MHz:   0% 1053 MHz:   0% 1170 MHz:   0% 1152 MHz:   0% 1278 MHz:   0% 1204MHz:   0% 1338 MHz:   0%)`,
};

export const M3_ULTRA_GPU: Excerpt = {
  source: 'notes of a public agent project (repository not known), M3 Ultra',
  text: `
GPU HW active frequency: 1380 MHz
GPU HW active residency: 100.00% (338 MHz: 0% … 1380 MHz: 100%)`,
};

export const M2_AIR: Excerpt = {
  source: 'philipturner/applegpuinfo #6, M2 Air',
  text: `
CPU 2 active residency:  10.28% (600 MHz:   0% 912 MHz: 7.3% 1284 MHz: .85% 1752 MHz: 1.4% 2004 MHz: .29% 2256 MHz: .12% 2424 MHz: .34%)
CPU 2 idle residency:  89.72%
CPU 3 frequency: 1175 MHz
CPU 3 active residency:   7.72% (600 MHz:   0% 912 MHz: 5.2% 1284 MHz: .60% 1752 MHz: 1.4% 2004 MHz: .18% 2256 MHz: .10% 2424 MHz: .18%)
CPU 3 idle residency:  92.28%
P-Cluster HW active frequency: 665 MHz
P-Cluster HW active residency:  50.16% (660 MHz:  50% 924 MHz:   0% 1188 MHz: .27% 1452 MHz: .08% 1704 MHz: .06% 1968 MHz:   0% … 3504 MHz:   0%)
P-Cluster idle residency:  49.84%
CPU 4 frequency: 1279 MHz
CPU 4 active residency:   0.63% (660 MHz: .02% 924 MHz:   0% 1188 MHz: .42% 1452 MHz: .11% 1704 MHz: .07% …)
CPU 4 idle residency:  99.37%`,
};

export const M1_PRO: Excerpt = {
  source: 'exelban/stats #985, MacBook Pro 16 (M1 Pro)',
  text: `
E-Cluster HW active frequency: 1541 MHz
E-Cluster HW active residency:  48.17% (600 MHz:   0% 972 MHz:  37% 1332 MHz: 9.8% 1704 MHz:  14% 2064 MHz:  40%)
E-Cluster idle residency:  51.83%
CPU 0 frequency: 1618 MHz
CPU 0 idle residency:  60.59%
CPU 0 active residency:  39.41% (600 MHz:   0% 972 MHz:  10% 1332 MHz: 5.1% 1704 MHz: 6.7% 2064 MHz:  17%)
CPU 1 frequency: 1610 MHz
CPU 1 active residency:  37.43% (600 MHz:   0% 972 MHz:  10% 1332 MHz: 5.1% 1704 MHz: 6.3% 2064 MHz:  16%)
P0-Cluster HW active frequency: 1099 MHz
P0-Cluster HW active residency:  20.92% (600 MHz:  38% 828 MHz: 4.5% 1056 MHz:  22% 1296 MHz:  17% 1524 MHz: 6.0% 1752 MHz: 3.6% 1980 MHz: 2.0% 2208 MHz: 1.4% 2448 MHz: 2.1% 2676 MHz: 1.2% 2904 MHz: .51% 3036 MHz: .52% 3132 MHz: .37% 3168 MHz: .04% 3228 MHz: .99%)
P0-Cluster idle residency:  79.08%`,
};

export const BASE_M5: Excerpt = {
  source: 'exelban/stats #3325, base M5',
  text: `
E-Cluster Online: 100%
E-Cluster HW active frequency: 1609 MHz
E-Cluster HW active residency:  37.48% (972 MHz:  22% 1152 MHz: 1.2% 1584 MHz: 1.6% 1992 MHz: .93% 2352 MHz: 3.6% 2700 MHz: 3.2% 2964 MHz: .21% 3048 MHz: 5.3%)
E-Cluster idle residency:  62.52%
CPU 0 frequency: 1631 MHz
CPU 0 active residency:  20.46% (972 MHz:  10% 1152 MHz: 1.0% 1584 MHz: 1.1% 1992 MHz: .87% 2352 MHz: 3.5% 2700 MHz: 1.8% 2964 MHz:   0% 3048 MHz: 1.8%)
CPU 0 idle residency:  79.54%
CPU 1 frequency: 1668 MHz
CPU 1 active residency:  14.01% (972 MHz: 6.2% 1152 MHz: .70% 1584 MHz: 1.1% 1992 MHz: .80% 2352 MHz: 3.1% 2700 MHz: 1.1% 2964 MHz:   0% 3048 MHz: .93%)
CPU 2 frequency: 1795 MHz
CPU 2 active residency:   8.33% (972 MHz: 2.4% 1152 MHz: .74% 1584 MHz: 1.1% 1992 MHz: .83% 2352 MHz: 1.9% 2700 MHz: .59% 2964 MHz:   0% 3048 MHz: .76%)
CPU 3 frequency: 1739 MHz
CPU 3 active residency:   5.65% (972 MHz: 1.6% 1152 MHz: .83% 1584 MHz: .55% 1992 MHz: .76% 2352 MHz: 1.3% 2700 MHz: .20% 2964 MHz:   0% 3048 MHz: .46%)
CPU 4 frequency: 1667 MHz
CPU 4 active residency:   2.99% (972 MHz: .99% 1152 MHz: .38% 1584 MHz: .30% 1992 MHz: .39% 2352 MHz: .72% 2700 MHz: .01% 2964 MHz:   0% 3048 MHz: .20%)`,
};

export const M3_MAX: Excerpt = {
  source: 'context-labs/mactop #2, M3 Max with 16 cores',
  text: `
CPU 6 down residency:   0.00%
CPU 7 frequency: 1526 MHz
CPU 7 active residency:   0.09% (1092 MHz: .03% 1356 MHz:   0% 1596 MHz: .04% 1884 MHz: .01% 2172 MHz: .00% 2424 MHz: .01% 2616 MHz:   0% … 4056 MHz:   0%)
CPU 7 idle residency:  99.91%
CPU 7 down residency:   0.00%
P1-Cluster Online: 66%
P1-Cluster HW active frequency: 4051 MHz`,
};

export const M1_PRO_MACOS_27: Excerpt = {
  source: 'exelban/stats #3336, MacBookPro18,3 (M1 Pro), macOS 27.0 26A5368g',
  text: `
E-Cluster HW active frequency: 2064 MHz
E-Cluster HW active residency: 100.00%
P0-Cluster HW active frequency: 1898 MHz
P0-Cluster HW active residency: 72.40%
P1-Cluster HW active frequency: 1226 MHz
P1-Cluster HW active residency: 57.13%`,
};

/** The thread writes the lines of CPU 1 to 5 and 7 to 9 in short. */
export const M4_MINI: Excerpt = {
  source: 'PlummersSoftwareLLC/tmog-feedback #127, M4 mini, macOS 26.6.2',
  text: `
E-Cluster HW active frequency: 1898 MHz
CPU 0 frequency: 1888 MHz
CPU 1 frequency: 1848 MHz
CPU 2 frequency: 1917 MHz
CPU 3 frequency: 1980 MHz
CPU 4 frequency: 1989 MHz
CPU 5 frequency: 1933 MHz
P-Cluster HW active frequency: 0 MHz
CPU 6 frequency: 2063 MHz
CPU 7 frequency: 2086 MHz
CPU 8 frequency: 2077 MHz
CPU 9 frequency: 2154 MHz`,
};

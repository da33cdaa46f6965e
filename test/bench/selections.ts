// What is read in a benchmark.

import type { Selection } from '../../src/metrics/catalogue';
import { DEFAULT_SENSORS } from '../../src/metrics/thermal';
import { COLLECTORS, type Collector } from '../../src/metrics/metric';

const selecting = (wanted: (collector: Collector) => boolean): Selection => ({
  collectors: new Set(COLLECTORS.filter(wanted)),
  options: new Set([DEFAULT_SENSORS]),
});
const isOfApps = (collector: Collector) => collector === 'app' || collector === 'ane';

export const withApps = selecting(() => true);
export const withoutApps = selecting((collector) => !isOfApps(collector));
export const ONLY_APPS = selecting((collector) => isOfApps(collector) || collector === 'exporter');

// All alerts, in groups.

import type { Alert } from './alert';
import { exporterAlerts } from './exporter';
import { gpuAlerts } from './gpu';
import { heatAlerts } from './heat';
import { memoryAlerts } from './memory';
import { reachableAlerts } from './reachable';

export const ALERT_GROUPS: Readonly<Record<string, readonly Alert[]>> = {
  memory: memoryAlerts,
  reachable: reachableAlerts,
  heat: heatAlerts,
  gpu: gpuAlerts,
  exporter: exporterAlerts,
};

export const ALERTS: readonly Alert[] = Object.values(ALERT_GROUPS).flat();

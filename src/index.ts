// What an embedding program imports.

import type { Express } from 'express';
import type { Registry } from 'prom-client';
import { aboutThis, assemble, checkMac, openMac, openMachine, readMachine } from './exporter';
import { withDefaults } from './metrics/catalogue';
import { COLLECTORS, type Collector } from './metrics/metric';
import type { SnapshotDocument } from './metrics/json';
import { OwnMetrics } from './metrics/own';
import { MacRegistry } from './metrics/registry';
import type { Native } from './native/native';
import { DEFAULT_APP_RULE, type AppRule } from './sampler/labels';
import type { Sampler } from './sampler/sampler';
import type { Handler } from './server/answer';
import { createApp } from './server/app';
import { metricsHandler } from './server/metrics_handler';

export interface ExporterOptions {
  /** A machine file to play instead of this Mac. */
  readonly machine?: string;
  /** Default: all but `app`: the names of apps are told only where they are asked for. */
  readonly collectors?: readonly Collector[];
  /** Which apps have a label of their own. */
  readonly apps?: Partial<AppRule>;
  /** `collector.cpu.states`, `collector.energy.detail`, `collector.thermal.sensors=all` (or `none`). */
  readonly options?: readonly string[];
  /** Seconds a collection may take at most; 10 by default. */
  readonly timeout?: number;
}

export interface Exporter {
  /** Every family of the Mac. Asking it for metrics collects them. */
  readonly registry: Registry;
  /** GET /metrics in both formats, for node:http or express. */
  readonly handler: Handler;
  /** The express app of the server: status page, its JSON, /metrics. Mount it at any path. */
  readonly app: Express;
  /** Resolves when all sources have been listed; metrics can be asked for before. Rejects where nothing can be read. */
  readonly ready: Promise<void>;
  close(): void;
}

export type { AppRule, Collector, SnapshotDocument };

/** Throws an Error of one line where this Mac, or the machine file, cannot be read. */
export function createExporter(options: ExporterOptions = {}): Exporter {
  const machine = options.machine === undefined ? undefined : readMachine(options.machine);
  const native = machine ? openMachine(machine) : openMac();
  const selection = {
    collectors: new Set(options.collectors ?? COLLECTORS.filter((name) => name !== 'app')),
    options: withDefaults(options.options ?? []),
  };
  const about = aboutThis(machine);
  const { pages, sampler } = assemble(native, selection, about, {
    apps: { ...DEFAULT_APP_RULE, ...options.apps },
  });
  pages.own = new OwnMetrics();
  const timeout = options.timeout ?? 10;
  const ready = discover(native, sampler);
  // To wait for it is the caller's choice.
  ready.catch(() => undefined);
  return {
    registry: new MacRegistry(pages.families, () => pages.collect(timeout)),
    handler: metricsHandler(pages),
    app: createApp(pages, { metricsPath: '/metrics', about }),
    ready,
    close: () => void native.close(),
  };
}

/** Rejects, and gives no value from then on, where what was opened turns out not to be an Apple Silicon Mac. */
async function discover(native: Native, sampler: Sampler): Promise<void> {
  try {
    await checkMac(native);
  } catch (error) {
    native.close();
    throw error;
  }
  await sampler.discover();
}

// metrics: the families, as a list, as METRICS.md or as JSON.

import type { OptionValues } from '../config/settings';
import { families } from '../metrics/catalogue';
import { metricsMarkdown } from '../metrics/reference';

export function metrics(values: OptionValues): void {
  if (values['markdown'] === true) {
    process.stdout.write(metricsMarkdown());
  } else if (values['json'] === true) {
    const rows = families.map(({ name, kind, unit, labels, help, collector, option }) => ({
      name,
      kind,
      unit,
      labels,
      help,
      collector,
      option,
    }));
    console.log(JSON.stringify(rows, undefined, 2));
  } else {
    for (const { name, kind, labels } of families) console.log(`${name}{${labels.join(',')}} ${kind}`);
  }
}

// The landing page.

import type { About } from '../../metrics/health';
import type { Pages } from '../../metrics/page';

export function landingPage(pages: Pages, metricsPath: string, { build, machine }: About): string {
  const simulated =
    machine.origin === 'live'
      ? ''
      : `<p class="note">Playing the machine file <b>${html(machine.name)}</b>. These are not values of this computer.</p>`;
  const rows = pages.collectors
    .map((collector) => {
      const names = pages.families.filter((family) => family.collector === collector);
      return `<tr><td><a href="${html(metricsPath)}?collect[]=${collector}">${collector}</a></td><td>${names.length}</td></tr>`;
    })
    .join('');
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>metalstat-exporter</title>
<style>
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
  body { max-width: 40rem; margin: 3rem auto; padding: 0 1rem; }
  table { border-collapse: collapse; } td, th { padding: .15rem 1.5rem .15rem 0; text-align: left; }
  td:last-child { text-align: right; font-variant-numeric: tabular-nums; }
  .note { border-left: .25rem solid #d97706; padding-left: .75rem; }
</style>
<h1>metalstat-exporter</h1>
<p>Prometheus exporter for Apple Silicon Macs, version ${html(build.version)}.</p>
${simulated}
<p><a href="${html(metricsPath)}">Metrics</a> · <a href="/-/healthy">Healthy</a> · <a href="/-/ready">Ready</a></p>
<table><tr><th>Collector</th><th>Families</th></tr>${rows}</table>
</html>
`;
}

const html = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

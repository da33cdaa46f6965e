// The document of the status page: what is known without a reading. Its script fills in the rest.

import type { About } from '../../metrics/health';
import { COLLECTORS, type Collector } from '../../metrics/metric';
import type { Pages } from '../../metrics/page';

export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

export interface Links {
  /** Relative to the page. */
  readonly metrics: string;
  readonly scripts: readonly string[];
}

export function statusPage(pages: Pages, { build, machine }: About, links: Links): string {
  const preload = links.scripts
    .filter((name) => name !== 'main.js')
    .map((name) => `<link rel="modulepreload" href="page/${html(name)}">`)
    .join('\n');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>metalstat-exporter</title>
<link rel="icon" href="${ICON}">
<link rel="stylesheet" href="page/uplot.css">
<link rel="stylesheet" href="page/status.css">
<script src="page/uplot.js" defer></script>
${preload}
<script src="page/main.js" type="module"></script>
</head>
<body>
<a class="skip" href="#now">Skip to the values</a>
<header>
<div class="top">
<div class="who">
<h1 id="name">metalstat-exporter</h1>
<p id="mac"></p>
</div>
<p id="state" class="state">Waiting for an answer …</p>
</div>
${machine.origin === 'live' ? '' : played(machine.name)}
<p id="lost" class="banner lost" hidden></p>
<p id="told" class="unseen" role="status"></p>
</header>
<main id="now" tabindex="-1">
<noscript><p class="banner">The values of this page need JavaScript; <a href="${html(links.metrics)}">the metrics</a> do not.</p></noscript>
<section aria-labelledby="now-title">
<h2 id="now-title" class="unseen">Now</h2>
<div id="tiles" class="tiles"></div>
</section>
<section aria-labelledby="charts-title">
<h2 id="charts-title">Last minutes</h2>
<p class="hint">Kept in this page only, five minutes at most. Left and right arrow keys read a chart that has the focus.</p>
<div id="charts" class="charts"></div>
</section>
<section aria-labelledby="collectors-title">
<h2 id="collectors-title">Collectors</h2>
<table class="collectors">
<thead><tr><th scope="col">Collector</th><th scope="col">State</th><th scope="col" class="number">Families</th><th scope="col" class="number">Window</th><th scope="col">What failed, and the remedy</th></tr></thead>
<tbody>
${rows(pages, links.metrics)}
</tbody>
</table>
</section>
</main>
<footer>
<nav aria-label="Pages of the exporter">
<a href="${html(links.metrics)}">Metrics</a>
<a href="api/v1/snapshot">Snapshot as JSON</a>
<a href="-/healthy">Healthy</a>
<a href="-/ready">Ready</a>
<a href="docs/README.md">README</a>
<a href="docs/METRICS.md">Reference of the metrics</a>
</nav>
<p>metalstat-exporter ${html(build.version)}, Prometheus exporter for Apple Silicon Macs. This page asks every two seconds while it is seen; nothing is read while nobody asks.</p>
</footer>
</body>
</html>
`;
}

const played = (name: string): string =>
  `<p class="banner played">Playing the machine file <b>${html(name)}</b>. These are not values of this computer.</p>`;

function rows(pages: Pages, metrics: string): string {
  const on = new Set<Collector>(pages.collectors);
  return COLLECTORS.filter((name) => name !== 'exporter')
    .map((name) => {
      const families = pages.families.filter(({ collector }) => collector === name).length;
      const link = `<a href="${html(metrics)}?collect[]=${name}">${name}</a>`;
      return on.has(name)
        ? `<tr data-collector="${name}"><th scope="row">${link}</th><td>on</td><td class="number">${families}</td><td class="number"></td><td></td></tr>`
        : `<tr class="off"><th scope="row">${name}</th><td>off</td><td class="number"></td><td class="number"></td><td></td></tr>`;
    })
    .join('\n');
}

/** Three bars. */
const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Cg fill='%232f6fdb'%3E%3Crect x='1' y='8' width='4' height='7' rx='1'/%3E%3Crect x='6' y='3' width='4' height='12' rx='1'/%3E%3Crect x='11' y='6' width='4' height='9' rx='1'/%3E%3C/g%3E%3C/svg%3E";

const html = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

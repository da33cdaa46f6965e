// The status page: asks, and shows what the answer says.

import { charts, COUNTERS } from './charts.js';
import { ChartView } from './chart_view.js';
import { Collectors } from './collectors_view.js';
import { byId, setText } from './dom.js';
import { timeOfDay } from './format.js';
import { Poll } from './poll.js';
import { Rates } from './rates.js';
import { Reading, type Snapshot } from './snapshot.js';
import { Tiles } from './tile_view.js';
import { pressureWord } from './tiles.js';

const rates = new Rates(COUNTERS);
const tiles = new Tiles(byId('tiles'));
const collectors = new Collectors(byId('now'));
const views = new Map<string, ChartView>();
/** Power rails that had a value since the page was opened: their sum is none without one of them. */
const seen = new Map<string, Set<string>>([['mac_power_watts', new Set()]]);
let pressure: string | undefined;
let lostSince: number | undefined;

/** Unix seconds of the page's own clock: that of the Mac may be another, and starts anew with it. */
const now = (): number => (performance.timeOrigin + performance.now()) / 1000;

function answered(snapshot: Snapshot): void {
  rates.take(snapshot);
  const reading = new Reading(snapshot, rates, seen);
  if (lostSince !== undefined) tell('The exporter answers again.');
  lostSince = undefined;
  byId('lost').hidden = true;
  setState('live', snapshot.machine.origin === 'live' ? 'Live, every 2 s' : 'Played, every 2 s');
  introduce(reading);
  show(reading);
  for (const rail of reading.by('mac_power_watts', 'rail').keys()) seen.get('mac_power_watts')!.add(rail);
  const word = pressureWord(reading.value('memory_pressure_level') ?? NaN);
  if (pressure !== undefined && word !== undefined && word !== pressure)
    tell(`Memory pressure is ${word.toLowerCase()}.`);
  pressure = word ?? pressure;
}

function lost(why: string): void {
  const first = lostSince === undefined;
  lostSince ??= now();
  const text = `Not reachable since ${timeOfDay(lostSince)} (${why}). The page goes on asking.`;
  setState('lost', 'Not reachable');
  setText(byId('lost'), text);
  byId('lost').hidden = false;
  rates.forget();
  if (!first) return;
  tell(text);
  show(undefined);
}

function waiting(): void {
  rates.forget();
  setState('asking', 'Waiting for an answer …');
  show(undefined);
}

/** Undefined: nothing is known now, and nothing old is shown for it. */
function show(reading: Reading | undefined): void {
  tiles.show(reading);
  collectors.show(reading);
  const at = now();
  for (const chart of charts) {
    const lines = reading ? chart.lines(reading) : new Map<string, number>();
    const view = views.get(chart.id) ?? (lines.size > 0 ? addChart(chart) : undefined);
    view?.add(at, lines, reading && chart.strip?.(reading));
  }
}

/** In the order of the list, whenever it appears. */
function addChart(chart: (typeof charts)[number]): ChartView {
  const view = new ChartView(chart);
  const after = charts.slice(charts.indexOf(chart) + 1).find(({ id }) => views.has(id));
  byId('charts').insertBefore(view.figure, after ? views.get(after.id)!.figure : null);
  views.set(chart.id, view);
  return view;
}

function introduce(reading: Reading): void {
  const mac = reading.labels('mac_info');
  const host = location.host;
  if (!mac) {
    setText(byId('mac'), host);
    return;
  }
  const { model = '', chip = '', os_version: version = '', os_build: build = '' } = mac;
  setText(byId('name'), `${chip} · ${model}`);
  setText(byId('mac'), `macOS ${version} (${build}) · ${host}`);
  document.title = `${host} · ${model} · metalstat-exporter`;
}

function setState(state: 'live' | 'lost' | 'asking', text: string): void {
  byId('state').dataset['state'] = state;
  setText(byId('state'), text);
}

/** Says it to who does not see the page. */
function tell(text: string): void {
  setText(byId('told'), text);
}

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
  for (const view of views.values()) view.redraw();
});

setText(byId('mac'), location.host);
new Poll('api/v1/snapshot', { answered, lost, waiting }).start();

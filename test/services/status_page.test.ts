/// <reference lib="dom" />
// The status page in Chromium.

import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import type { SnapshotDocument } from '../../src';
import * as format from '../../src/server/page/client/format';
import { openPage, startBrowser, type Watched } from '../support/browser';
import { cleanUp } from '../support/command';
import { freePort, Program } from '../support/process';
import { serve } from '../support/serving';

const M5_MAX = 'Mac17,6__m5-max__27.0__load';
const M3 = 'Mac15,12__m3__26.3__runs-out';
const VM = 'VirtualMac2,1__vm__15.5__compile';
const M4_PRO = 'Mac16,8__m4-pro__27.0__battery';
const M1 = 'Macmini9,1__m1__15.6__load';

let browser: Browser;
const programs: Program[] = [];
beforeAll(async () => {
  browser = await startBrowser();
});
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
});
afterAll(async () => {
  await browser.close();
  await Promise.all(programs.map((program) => program.stop()));
  cleanUp();
});
jest.setTimeout(120_000);

const served = new Map<string, Promise<string>>();
const playing = (machine: string): Promise<string> => {
  const url = served.get(machine) ?? start(machine);
  served.set(machine, url);
  return url;
};

async function start(machine: string, port?: number): Promise<string> {
  const address = `127.0.0.1:${port ?? (await freePort())}`;
  const program = new Program('node', [
    ...['dist/main.js', 'serve', '--machine', machine, '--web.listen-address', address],
  ]);
  programs.push(program);
  await program.answers(`http://${address}/-/ready`);
  return `http://${address}/`;
}

/** Waits for so many answers more. */
async function answers({ page }: Pick<Watched, 'page'>, count: number): Promise<SnapshotDocument> {
  let last: SnapshotDocument | undefined;
  for (let i = 0; i < count; i++) {
    const response = await page.waitForResponse(/api\/v1\/snapshot$/);
    last = (await response.json()) as SnapshotDocument;
  }
  return last!;
}

const tile = (page: Page, id: string) => page.locator(`[data-tile="${id}"]`);
const chart = (page: Page, id: string) => page.locator(`[data-chart="${id}"]`);
const idsOf = (page: Page, what: 'tile' | 'chart') =>
  page.$$eval(
    `[data-${what}]`,
    (found, name) => found.map((each) => (each as HTMLElement).dataset[name]),
    what,
  );

/** How many pixels of a chart have the colour of its first line. */
const drawnPixels = (page: Page, id: string): Promise<number> =>
  chart(page, id)
    .locator('canvas')
    .evaluate((found) => {
      const canvas = found as HTMLCanvasElement;
      const colour = getComputedStyle(document.documentElement).getPropertyValue('--c0').trim();
      const [r, g, b] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16)) as [
        number,
        number,
        number,
      ];
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      let count = 0;
      for (let i = 0; i < data.length; i += 4)
        if (data[i + 3]! > 128 && Math.hypot(data[i]! - r, data[i + 1]! - g, data[i + 2]! - b) < 40) count++;
      return count;
    });

/** Nothing is amiss to axe; gives the rules that it applied. */
async function applied(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const { violations, passes } = await page.evaluate(() =>
    (globalThis as unknown as { axe: typeof axe }).axe.run(),
  );
  expect(violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)])).toEqual([]);
  return passes.map(({ id }) => id);
}

const BASE = ['pressure', 'cpu', 'memory', 'swap'];
const MAC = [...BASE, 'thermal', 'gpu', 'system-power', 'metal', 'temperatures'];
const CHARTS = ['cpu', 'memory', 'app-cpu'];
const MAC_CHARTS = [...CHARTS, 'gpu', 'metal', 'power', 'temperature', 'app-gpu'];

describe.each([
  [M5_MAX, [...MAC, 'chip-power', 'fans', 'battery'], [...MAC_CHARTS, 'bandwidth-estimate', 'fan']],
  [M3, [...MAC, 'chip-power', 'battery'], [...MAC_CHARTS, 'bandwidth']],
  [M4_PRO, [...MAC, 'fans', 'battery'], [...MAC_CHARTS, 'bandwidth-estimate', 'fan']],
  [VM, BASE, CHARTS],
])('%s', (machine, tiles, charts) => {
  test('has the tiles and charts of what it has, all with values, and breaks no rule', async () => {
    const watched = await openPage(browser, await playing(machine));
    const { page } = watched;
    await answers(watched, 5);
    expect((await idsOf(page, 'tile')).sort()).toEqual([...tiles].sort());
    expect((await idsOf(page, 'chart')).sort()).toEqual([...charts].sort());
    for (const id of charts) {
      const numbers = await chart(page, id).locator('.legend .number').allTextContents();
      expect([id, numbers.filter((text) => !/^-?[\d,.]+\s/.test(text))]).toEqual([id, []]);
      expect([id, numbers.length > 0, (await drawnPixels(page, id)) > 5]).toEqual([id, true, true]);
    }
    expect(await page.locator('.absent').count()).toBe(0);
    expect(await page.locator('.played').textContent()).toContain(machine);
    // Nothing that is played is called live.
    expect(await page.locator('body').innerText()).not.toMatch(/\blive\b/i);
    expect(watched.faults).toEqual([]);
  });
});

test('what it shows is what it was answered', async () => {
  const watched = await openPage(browser, await playing(M5_MAX));
  const { page } = watched;
  await answers(watched, 3);
  const { families, collectors } = await answers(watched, 1);
  const value = (name: string) => families[name]!.samples[0]!.value;
  const shows = async (id: string, text: string) => {
    await tile(page, id).getByText(text, { exact: true }).first().waitFor();
  };
  await shows('gpu', format.percent(value('gpu_utilization')));
  await shows('memory', format.memory(value('mac_memory_used_bytes')));
  await shows('metal', format.memory(value('metal_alloc_bytes')));
  await shows('pressure', ['Green', 'Yellow', 'Red'][value('memory_pressure_level')]!);
  await shows('thermal', ['Nominal', 'Moderate', 'Heavy'][value('mac_thermal_pressure_level')]!);
  const rails = families['mac_power_watts']!.samples.reduce((sum, sample) => sum + sample.value, 0);
  await shows('chip-power', format.watts(rails));
  const { model, chip, os_version: version } = families['mac_info']!.samples[0]!.labels;
  expect(await page.locator('h1').textContent()).toBe(`${chip!} · ${model!}`);
  expect(await page.locator('#mac').textContent()).toContain(`macOS ${version!}`);
  expect(await page.locator('#mac').textContent()).toContain(new URL(page.url()).host);
  for (const { collector, success } of collectors)
    expect(await page.locator(`tr[data-collector="${collector}"] td`).first().textContent()).toBe(
      success ? 'success' : 'failed',
    );
});

test('red by the free share alone is explained where the kernel is content', async () => {
  const watched = await openPage(browser, await playing(M5_MAX));
  await answers(watched, 1);
  const pressure = tile(watched.page, 'pressure');
  await pressure.getByText('Red', { exact: true }).waitFor();
  await pressure.getByText('The kernel says normal').waitFor();
  await pressure.getByText('usual on a host with wired model weights').waitFor();
  const of = await openPage(browser, await playing(M3));
  await tile(of.page, 'pressure').getByText('The kernel says critical').waitFor();
  expect(await tile(of.page, 'pressure').getByText('usual').count()).toBe(0);
});

test.each(['light', 'dark'] as const)(
  'in %s nothing is amiss to axe, and texts stand out',
  async (colorScheme) => {
    for (const machine of [M5_MAX, M3]) {
      const watched = await openPage(browser, await playing(machine), { colorScheme });
      await answers(watched, 4);
      const passes = await applied(watched.page);
      expect(passes).toEqual(expect.arrayContaining(['color-contrast', 'heading-order']));
    }
  },
);

test('follows when the system goes dark', async () => {
  const watched = await openPage(browser, await playing(M5_MAX), { colorScheme: 'light' });
  const { page } = watched;
  await answers(watched, 5);
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await background();
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await background()).not.toBe(light);
  // It is drawn anew with the next answer at the latest.
  await answers(watched, 1);
  expect(await drawnPixels(page, 'gpu')).toBeGreaterThan(5);
  expect(watched.faults).toEqual([]);
});

test.each([320, 360, 768])('at %d pixels nothing has to be scrolled sideways', async (width) => {
  const watched = await openPage(browser, await playing(M5_MAX), { viewport: { width, height: 780 } });
  await answers(watched, 4);
  const { wide, outside } = await watched.page.evaluate(() => ({
    wide: document.documentElement.scrollWidth,
    outside: [...document.querySelectorAll('body *:not(.unseen, .skip, svg *)')]
      .filter((each) => each.getBoundingClientRect().right > innerWidth + 0.5)
      .map((each) => each.outerHTML.slice(0, 80)),
  }));
  expect({ wide, outside }).toEqual({ wide: width, outside: [] });
});

test('motion is only for those who did not ask for less', async () => {
  const watched = await openPage(browser, await playing(M5_MAX), { reducedMotion: 'reduce' });
  await answers(watched, 2);
  const moving = await watched.page.$$eval(
    'body *',
    (all) =>
      all.filter((each) => {
        const { transitionDuration, animationName } = getComputedStyle(each);
        return transitionDuration !== '0s' || animationName !== 'none';
      }).length,
  );
  expect(moving).toBe(0);
});

test('all is reached with the keyboard, and the focus is seen', async () => {
  const watched = await openPage(browser, await playing(M5_MAX));
  const { page } = watched;
  await answers(watched, 4);
  await page.keyboard.press('Tab');
  const focused = () =>
    page.evaluate(() => {
      const of = document.activeElement as HTMLElement;
      const { outlineStyle, outlineWidth } = getComputedStyle(of);
      const { chart: id } = of.dataset;
      return { id, text: of.textContent, tag: of.tagName, outline: `${outlineStyle} ${outlineWidth}` };
    });
  expect(await focused()).toMatchObject({ text: 'Skip to the values' });
  const skip = page.locator('.skip');
  expect((await skip.boundingBox())!.y).toBeGreaterThanOrEqual(0);
  await page.keyboard.press('Enter');
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('now');
  const reached: (string | undefined)[] = [];
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press('Tab');
    const { id, outline, tag, text } = await focused();
    if (tag === 'BODY') break;
    expect([text.slice(0, 20), outline]).toEqual([text.slice(0, 20), 'solid 2px']);
    reached.push(id ?? text);
  }
  expect(reached).toEqual(expect.arrayContaining(await idsOf(page, 'chart')));
  expect(reached).toEqual(expect.arrayContaining(['gpu', 'os', 'Metrics', 'Snapshot as JSON', 'Ready']));
});

test('a chart that has the focus is read with the arrow keys', async () => {
  const watched = await openPage(browser, await playing(M5_MAX));
  const { page } = watched;
  await answers(watched, 4);
  const gpu = chart(page, 'gpu');
  await gpu.focus();
  const summary = gpu.locator('figcaption');
  expect(await summary.textContent()).toMatch(
    /^\d\d:\d\d:\d\d: Awake [\d.]+\s%, Load by the driver [\d.]+\s%\.$/,
  );
  expect(await gpu.locator('.when').textContent()).toBe('');
  await page.keyboard.press('Home');
  const first = await gpu.locator('.when').textContent();
  await page.keyboard.press('ArrowRight');
  const second = await gpu.locator('.when').textContent();
  expect([first, second]).toEqual([
    expect.stringMatching(/^\d\d:\d\d:\d\d$/),
    expect.stringMatching(/^\d\d:\d\d:\d\d$/),
  ]);
  expect(second! > first!).toBe(true);
  await page.keyboard.press('ArrowLeft');
  expect(await gpu.locator('.when').textContent()).toBe(first);
  await page.keyboard.press('Escape');
  expect(await gpu.locator('.when').textContent()).toBe('');
  await expect(page.getByRole('figure', { name: 'GPU utilisation' }).count()).resolves.toBe(1);
});

test('for a screen reader it has landmarks, headings in order, and figures with names', async () => {
  const watched = await openPage(browser, await playing(M5_MAX));
  const { page } = watched;
  await answers(watched, 4);
  for (const role of ['banner', 'main', 'navigation', 'contentinfo', 'table', 'status'] as const)
    expect([role, await page.getByRole(role).count()]).toEqual([role, 1]);
  expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1);
  expect(await page.getByRole('heading', { level: 2 }).allTextContents()).toEqual([
    ...['Now', 'Last minutes', 'Collectors'],
  ]);
  for (const name of ['GPU utilisation', 'Memory and its pressure', 'Power by rail', 'Fan speed'])
    expect([name, await page.getByRole('figure', { name }).count()]).toEqual([name, 1]);
  expect(await page.locator('[aria-live], [role="alert"], [role="status"], [role="log"]').count()).toBe(1);
});

/** Chromium without a window is always visible: the page is told otherwise. */
const setHidden = (page: Page, hidden: boolean) =>
  page.evaluate((is) => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => is });
    document.dispatchEvent(new Event('visibilitychange'));
  }, hidden);

test('while it is hidden it asks nothing, and when it is seen again it asks at once', async () => {
  const watched = await openPage(browser, await playing(M5_MAX));
  const { page, asked } = watched;
  await answers(watched, 2);
  await setHidden(page, true);
  await page.waitForLoadState('networkidle');
  const before = asked.length;
  await page.waitForTimeout(6_000);
  expect(asked.length).toBe(before);
  const next = answers(watched, 1);
  await setHidden(page, false);
  await next;
  expect(asked.length).toBe(before + 1);
  await tile(page, 'gpu').locator('.value').waitFor();
});

test('an exporter that stops leaves nothing that looks present, and one that comes back is found', async () => {
  const port = await freePort();
  const url = await start(M5_MAX, port);
  const exporter = programs.at(-1)!;
  const watched = await openPage(browser, url);
  const { page } = watched;
  await answers(watched, 3);
  expect(await page.locator('#lost').isVisible()).toBe(false);
  await exporter.stop();
  await page
    .locator('#lost')
    .getByText(/^Not reachable since \d\d:\d\d:\d\d \(no answer\)\./)
    .waitFor();
  expect(await page.locator('#told').textContent()).toMatch(/^Not reachable since/);
  expect(await page.locator('.tile .value, .tile dd').count()).toBe(0);
  const tiles = await idsOf(page, 'tile');
  expect(await page.locator('.tile .absent').count()).toBe(tiles.length);
  const numbers = await page.locator('.legend .number').allTextContents();
  expect(new Set(numbers)).toEqual(new Set(['not available']));
  expect(new Set(await page.locator('tr[data-collector] td:nth-child(2)').allTextContents())).toEqual(
    new Set(['not known']),
  );
  await applied(page);
  await start(M5_MAX, port);
  await tile(page, 'gpu').locator('.value').waitFor();
  expect(await page.locator('#lost').isVisible()).toBe(false);
  expect(await page.locator('#state').textContent()).toMatch(/^Played/);
  expect(await page.locator('#told').textContent()).toBe('The exporter answers again.');
});

test('a collector that fails shows the failure and no number, and comes back', async () => {
  const server = await serve(['--machine', M1], { plan: {} }).ready();
  try {
    const watched = await openPage(browser, `${server.url}/`);
    const { page } = watched;
    await answers(watched, 3);
    await tile(page, 'memory').locator('.value').waitFor();
    server.control({
      plan: { calls: [{ function: 'host_statistics64', nth: 1, forever: true, how: 'fail', code: 5 }] },
    });
    await tile(page, 'memory').getByText('not available').waitFor();
    expect(await chart(page, 'memory').locator('.legend .number').first().textContent()).toBe(
      'not available',
    );
    const row = page.locator('tr[data-collector="memory"]');
    expect(await row.locator('td').first().textContent()).toBe('failed');
    expect(await row.locator('td').last().textContent()).toMatch(
      /^host: host_statistics64.* \(5\)\. Remedy: .+\.$/,
    );
    await tile(page, 'gpu').locator('.value').waitFor();
    await applied(page);
    server.control({ plan: {} });
    await tile(page, 'memory').locator('.value').waitFor();
    expect(await row.locator('td').allTextContents()).toEqual(['success', expect.any(String), '', '']);
    expect(watched.faults).toEqual([]);
  } finally {
    await server.stop('SIGTERM');
  }
});

test('a source that hangs costs its own values, and is named', async () => {
  const server = await serve(['--machine', M1], { plan: {} }).ready();
  try {
    const watched = await openPage(browser, `${server.url}/`);
    const { page } = watched;
    await answers(watched, 2);
    await tile(page, 'gpu').locator('.value').waitFor();
    server.control({ plan: { calls: [{ function: 'IOReportCreateSamples', nth: 1, how: 'hang' }] } });
    // Nothing old is shown while the answer is waited for, and then what came without the source.
    await tile(page, 'memory').getByText('not available').waitFor();
    await tile(page, 'memory').locator('.value').waitFor();
    expect(await tile(page, 'gpu').textContent()).toContain('not available');
    const row = page.locator('tr[data-collector="gpu"]');
    expect(await row.locator('td').last().textContent()).toMatch(/^ioreport did not answer in time/);
    server.control({ release: true });
    await tile(page, 'gpu').locator('.value').waitFor();
  } finally {
    await server.stop('SIGTERM');
  }
});

test('without one of its rails there is no sum of them', async () => {
  const server = await serve(['--machine', M1], { plan: {} }).ready();
  try {
    const { page } = await openPage(browser, `${server.url}/`);
    await tile(page, 'chip-power').locator('.value').waitFor();
    server.control({ plan: { events: [{ at: 0, take: ['Energy Model', 'DRAM'] }] } });
    await tile(page, 'chip-power').getByText('not available').waitFor();
    await chart(page, 'power').locator('li', { hasText: 'CPU' }).getByText(/\sW$/).waitFor();
  } finally {
    await server.stop('SIGTERM');
  }
});

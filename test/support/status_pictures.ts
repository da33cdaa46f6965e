// Pictures of the status page, from a machine file that plays for four minutes: npx tsx test/support/status_pictures.ts
//
// Wants a build, and Chromium. What is played is named on the page.

import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openPage, startBrowser } from './browser';
import { freePort, Program, ROOT } from './process';

const MACHINE = 'Mac17,6__m5-max__27.0__mixed';
const FOLDER = join(ROOT, 'dashboards', 'pictures');
const SECONDS = 240;
/** Bytes. */
const LARGEST = 250_000;

/** `until`: the last chart that is on the picture; whole pages would be several hundred kB. */
const PICTURES = [
  {
    name: 'status-light',
    colorScheme: 'light',
    viewport: { width: 1280, height: 900 },
    until: 'bandwidth-estimate',
  },
  {
    name: 'status-dark',
    colorScheme: 'dark',
    viewport: { width: 1280, height: 900 },
    until: 'bandwidth-estimate',
  },
  { name: 'status-phone', colorScheme: 'light', viewport: { width: 360, height: 780 }, until: 'memory' },
] as const;

async function main(): Promise<void> {
  const address = `127.0.0.1:${await freePort()}`;
  const exporter = new Program('node', [
    ...['dist/main.js', 'serve', '--machine', MACHINE, '--web.listen-address', address],
  ]);
  const browser = await startBrowser();
  try {
    await exporter.answers(`http://${address}/-/ready`);
    const pages = await Promise.all(
      PICTURES.map(async ({ name, until, ...options }) => ({
        name,
        until,
        ...(await openPage(browser, `http://${address}/`, options)),
      })),
    );
    await sleep(SECONDS * 1000);
    mkdirSync(FOLDER, { recursive: true });
    for (const { name, until, page, faults } of pages) {
      if (faults.length > 0) throw new Error(`${name}: ${faults.join('; ')}`);
      const path = join(FOLDER, `${name}.png`);
      const { y, height } = (await page.locator(`[data-chart="${until}"]`).boundingBox())!;
      const { width } = page.viewportSize()!;
      await page.screenshot({
        path,
        fullPage: true,
        clip: { x: 0, y: 0, width, height: y + height + 8 },
      });
      const { size } = statSync(path);
      if (size > LARGEST) throw new Error(`${path} has ${size} bytes, more than ${LARGEST}`);
      console.log(`${path}: ${size} bytes`);
    }
  } finally {
    await browser.close();
    await exporter.stop();
  }
}

void main();

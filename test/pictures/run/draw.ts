// Draws a dashboard in Chromium and writes the picture.

import { writeFile } from 'node:fs/promises';
import { chromium, type Browser } from 'playwright-core';
import sharp from 'sharp';
import type { Answer, Request } from '../view/model';
import { built } from './build';
import { serve } from './serve';

/** What a picture in the repository may weigh. */
const MOST_BYTES = 600_000;
const PATIENCE = 120_000;

export interface Picture {
  request: Request;
  prometheus: string;
  out: string;
  /** Device pixels per pixel. */
  scale: number;
}

export interface Drawn extends Answer {
  bytes: number;
}

export const openBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });

export async function draw(browser: Browser, { request, prometheus, out, scale }: Picture): Promise<Drawn> {
  await built();
  const served = await serve(request, prometheus);
  const context = await browser.newContext({
    viewport: { width: request.width, height: 1000 },
    deviceScaleFactor: scale,
    timezoneId: 'UTC',
    reducedMotion: 'reduce',
  });
  try {
    const page = await context.newPage();
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(`script: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error') faults.push(`console: ${message.text().slice(0, 300)}`);
    });
    page.on('response', (response) => {
      if (response.status() >= 400 && !response.url().includes('/prometheus/'))
        faults.push(`${response.status()} ${response.url()}`);
    });
    await page.goto(served.url);
    await page.waitForFunction(() => window.picture !== undefined, undefined, { timeout: PATIENCE });
    // Icons and the cells of tables come later than the plots.
    await page.waitForLoadState('networkidle');
    await page.evaluate(() => document.fonts.ready.then(() => undefined));
    const answer = (await page.evaluate(() => window.picture))!;
    const height = await page.evaluate(() => document.getElementById('root')!.scrollHeight);
    await page.setViewportSize({ width: request.width, height });
    await page.evaluate(
      () => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))),
    );
    const shot = await page.screenshot({ animations: 'disabled' });
    const bytes = await write(shot, out);
    return { ...answer, errors: [...answer.errors, ...new Set(faults)], bytes };
  } finally {
    await context.close();
    await served.close();
  }
}

/** With as many colours as the weight allows. */
async function write(shot: Buffer, out: string): Promise<number> {
  for (const colours of [256, 128, 64, 32]) {
    const png = await sharp(shot)
      .png({ palette: true, colours, effort: 10, compressionLevel: 9, dither: 0 })
      .toBuffer();
    if (png.length > MOST_BYTES && colours > 32) continue;
    await writeFile(out, png);
    return png.length;
  }
  throw new Error('unreachable');
}

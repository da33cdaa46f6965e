// The files of the status page, all in memory: what is removed or replaced on disk later does not matter.

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RequestHandler } from 'express';
import { gzipSync } from 'node:zlib';
import { acceptsGzip, send } from '../answer';

/** Where `npm run build:ts` puts them, seen from the sources and from what they are compiled to alike. */
const ROOT = join(__dirname, '..', '..', '..');
const BUILT = join(ROOT, 'dist', 'server', 'page');

const SCRIPT = 'text/javascript; charset=utf-8';
const STYLE = 'text/css; charset=utf-8';
const TEXT = 'text/plain; charset=utf-8';

export class AssetError extends Error {
  readonly code = 'ERR_METALSTAT_ASSET';
}

export interface Asset {
  readonly type: string;
  readonly plain: Buffer;
  readonly zipped: Buffer;
  readonly tag: string;
}

export interface Assets {
  /** Names of the page's own scripts. */
  readonly scripts: readonly string[];
  /** By path, without a slash before it. */
  readonly byPath: ReadonlyMap<string, Asset>;
}

let assets: Assets | undefined;

/** Read once: a configuration that is read again finds those it was started with. */
export function readAssets(): Assets {
  return (assets ??= read());
}

function read(): Assets {
  const scripts = listed(join(BUILT, 'client')).filter((name) => name.endsWith('.js'));
  const files: readonly (readonly [path: string, file: string, type: string])[] = [
    ...scripts.map((name) => [`page/${name}`, join(BUILT, 'client', name), SCRIPT] as const),
    ['page/status.css', join(BUILT, 'status.css'), STYLE],
    ['page/uplot.js', require.resolve('uplot/dist/uPlot.iife.min.js'), SCRIPT],
    ['page/uplot.css', require.resolve('uplot/dist/uPlot.min.css'), STYLE],
    ['docs/README.md', join(ROOT, 'README.md'), TEXT],
    ['docs/METRICS.md', join(ROOT, 'src', 'metrics', 'METRICS.md'), TEXT],
  ];
  return {
    scripts,
    byPath: new Map(
      files.map(([path, file, type]) => [
        path,
        assetOf(
          reading(() => readFileSync(file)),
          type,
        ),
      ]),
    ),
  };
}

/** Answers one of them. Browsers ask each time whether theirs is still the same, and mostly it is. */
export const assetHandler =
  ({ type, plain, zipped, tag }: Asset): RequestHandler =>
  (request, response) => {
    response.setHeader('Cache-Control', 'no-cache');
    response.setHeader('ETag', tag);
    response.setHeader('Vary', 'Accept-Encoding');
    if (request.headers['if-none-match'] === tag) {
      response.status(304).end();
      return;
    }
    const zip = acceptsGzip(request.headers['accept-encoding']);
    send(request, response, { type, body: zip ? zipped : plain, zipped: zip });
  };

export function assetOf(plain: Buffer, type: string): Asset {
  const tag = `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`;
  return { type, plain, zipped: gzipSync(plain, { level: 9 }), tag };
}

const listed = (folder: string): readonly string[] => reading(() => readdirSync(folder)).sort();

function reading<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AssetError(`the status page is not complete (${reason}); build it with npm run build:ts`, {
      cause: error,
    });
  }
}

// The express app: the status page, the API it lives on, and the same /metrics for programs that mount it.

import express, { type Express, type RequestHandler } from 'express';
import type { About } from '../metrics/health';
import type { Pages } from '../metrics/page';
import { answer, answerReady, LOADS_NOTHING, secure, type Handler } from './answer';
import { metricsHandler } from './metrics_handler';
import { assetHandler, assetOf, readAssets } from './page/assets';
import { CONTENT_SECURITY_POLICY, statusPage } from './page/document';
import { snapshotHandler } from './snapshot_handler';

const POLICY = 'Content-Security-Policy';

export const SNAPSHOT_PATH = '/api/v1/snapshot';

export interface AppOptions {
  readonly metricsPath: string;
  readonly about: About;
  readonly maxRequests?: number;
}

export function createApp(pages: Pages, { metricsPath, about, maxRequests }: AppOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  app.set('strict routing', true);
  app.set('case sensitive routing', true);
  app.use((request, response, next) => {
    secure(response);
    if (request.method === 'GET' || request.method === 'HEAD') {
      next();
    } else {
      response.setHeader('Allow', 'GET, HEAD');
      response.status(405).type('text').send('Only GET and HEAD.\n');
    }
  });
  app.get(metricsPath, from(metricsHandler(pages, maxRequests)));
  app.get(SNAPSHOT_PATH, from(snapshotHandler(pages, maxRequests)));
  app.get('/-/healthy', (_request, response) => answer(response, 200, 'Healthy.'));
  app.get('/-/ready', (_request, response) => answerReady(response, pages.sampler.ready));
  addPage(app, pages, metricsPath, about);
  app.use((_request, response) => {
    response.status(404).type('text').send('Not found.\n');
  });
  app.use(
    (_error: unknown, _request: express.Request, response: express.Response, next: express.NextFunction) => {
      if (response.headersSent) {
        next();
        return;
      }
      response.status(500).type('text').send('Internal error.\n');
    },
  );
  return app;
}

function addPage(app: Express, pages: Pages, metricsPath: string, about: About): void {
  const { scripts, byPath } = readAssets();
  for (const [path, asset] of byPath) app.get(`/${path}`, assetHandler(asset));
  const page = statusPage(pages, about, { metrics: `.${metricsPath}`, scripts });
  const send = assetHandler(assetOf(Buffer.from(page), 'text/html; charset=utf-8'));
  app.get('/', (request, response, next) => {
    // Mounted at /mac, the page's links are relative to /mac/.
    const path = request.originalUrl.split('?', 1)[0]!;
    if (!path.endsWith('/')) {
      response.redirect(308, `${path.slice(path.lastIndexOf('/') + 1)}/`);
      return;
    }
    // The web configuration may have a policy of its own.
    if (response.getHeader(POLICY) === LOADS_NOTHING) response.setHeader(POLICY, CONTENT_SECURITY_POLICY);
    return send(request, response, next);
  });
}

const from =
  (handler: Handler): RequestHandler =>
  (request, response, next) => {
    handler(request, response).catch(next);
  };

// The express app: the landing page, and the same /metrics for programs that mount it.

import express, { type Express } from 'express';
import type { About } from '../metrics/health';
import { metricsHandler } from './metrics_handler';
import { landingPage } from './page/landing';
import type { Pages } from '../metrics/page';

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
    response.setHeader('X-Content-Type-Options', 'nosniff');
    if (request.method === 'GET' || request.method === 'HEAD') {
      next();
    } else {
      response.setHeader('Allow', 'GET, HEAD');
      response.status(405).type('text').send('Only GET and HEAD.\n');
    }
  });
  const metrics = metricsHandler(pages, maxRequests);
  app.get(metricsPath, (request, response, next) => {
    metrics(request, response).catch(next);
  });
  const page = landingPage(pages, metricsPath, about);
  app.get('/', (_request, response) => {
    response.setHeader(
      'Content-Security-Policy',
      "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    );
    response.type('html').send(page);
  });
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

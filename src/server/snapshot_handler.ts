// GET /api/v1/snapshot: what /metrics says, and how it was come by, as JSON. For those who look at what is now: means are
// over a second or two, and nobody else's windows are touched.

import { snapshotOf } from '../metrics/json';
import type { Pages } from '../metrics/page';
import { VIEW_WINDOW } from '../sampler/sampler';
import { answer, limited, sendText, type Handler } from './answer';
import { chooseCollectors, scrapeTimeout } from './metrics_handler';

export function snapshotHandler(pages: Pages, maxRequests = 40): Handler {
  return limited(maxRequests, async (request, response) => {
    const chosen = chooseCollectors(request, pages);
    if (typeof chosen === 'string') {
      answer(response, 400, chosen);
      return;
    }
    const shown = chosen ? pages.families.filter(({ collector }) => chosen.has(collector)) : pages.families;
    const collected = await pages.collect(scrapeTimeout(request), VIEW_WINDOW);
    response.setHeader('Cache-Control', 'no-store');
    response.setHeader('Vary', 'Accept-Encoding');
    sendText(request, response, 'application/json', JSON.stringify(snapshotOf(shown, collected)));
  });
}

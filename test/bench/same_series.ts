// Whether the peer serves what the exporter serves: else their costs cannot be compared.

import { Client } from './measure/client';
import type { Started } from './measure/start';

/** What a process says of itself is its own matter. */
const OF_ITSELF = /^(process_|nodejs_|metalstat_exporter_(scrapes_total|config_))/;

/** Series of each server's page, by its name. Throws where a Mac's series are not the same on both pages. */
export async function checkSeries(servers: readonly Started[]): Promise<Record<string, number>> {
  const series = new Map<Started, readonly string[]>();
  for (const server of servers) series.set(server, await seriesOf(server));
  for (const [{ target }, found] of series) {
    if (target.kind !== 'express') continue;
    const [, own] = [...series].find(
      ([other]) => other.target.kind === 'exporter' && other.target.mac === target.mac,
    )!;
    const differing = [
      ...own.filter((each) => !found.includes(each)),
      ...found.filter((each) => !own.includes(each)),
    ];
    if (differing.length > 0) throw new Error(`${target.name} differs: ${differing.join(' ')}`);
  }
  return Object.fromEntries([...series].map(([{ target }, found]) => [target.name, found.length]));
}

async function seriesOf({ port, target }: Started): Promise<readonly string[]> {
  const client = await Client.open(port);
  await client.scrape();
  const { text } = client;
  client.close();
  if (target.kind === 'floor') return [];
  const lines = text.split('\n').filter((line) => /^[a-z_]\w*[{ ]/.test(line) && !OF_ITSELF.test(line));
  return lines.map((line) => line.slice(0, line.lastIndexOf(' '))).sort();
}

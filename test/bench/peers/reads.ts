// What no exporter that is made with node:http and this addon can be below: it reads what the exporter reads, and answers
// with a text that is at hand. Nothing is written; with `decode` a snapshot is made of what is read, with `read` not even
// that.
//
// Arguments: read or decode, folder of the built exporter, machine file, bytes of the text, port.

import { createServer } from 'node:http';
import type { Limit } from '../targets';
import { assembled, TIMEOUT } from './assembled';

const [limit, folder, machineFile, bytes, port] = process.argv.slice(2) as [
  Limit,
  string,
  string,
  string,
  string,
];

const { native, sampler } = assembled(folder, machineFile);
const sources = Object.values(native.sources);
const work = async (): Promise<unknown> =>
  limit === 'decode' ? sampler.collect(TIMEOUT) : Promise.all(sources.map((source) => source.read()));
const text = Buffer.from('a'.repeat(Number(bytes)));

// Once: what is to be read is chosen then.
const discovered = sampler.discover();

createServer((_request, response) => {
  void discovered.then(work).then(() => {
    response.setHeader('Content-Type', 'text/plain; version=0.0.4; charset=utf-8');
    response.setHeader('Content-Length', text.length);
    response.end(text);
  });
}).listen(Number(port), '127.0.0.1');

// The thread that compares passwords: started once, before the server is ready, and no reason to stay alive.

import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Compared, Comparison } from './bcrypt_worker';
import type { Compare } from './passwords';

export interface Bcrypt {
  readonly compare: Compare;
  close(): void;
}

export async function startBcrypt(file = join(__dirname, 'bcrypt_worker.js')): Promise<Bcrypt> {
  const worker = new Worker(file);
  await once(worker, 'online');
  const waiting = new Map<number, { resolve: (equal: boolean) => void; reject: (error: Error) => void }>();
  let last = 0;
  let failed: Error | undefined;
  worker.on('message', ({ id, equal }: Compared) => {
    waiting.get(id)!.resolve(equal);
    waiting.delete(id);
  });
  const fail = (error: Error): void => {
    failed = error;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  worker.on('error', fail);
  worker.on('exit', () => fail(failed ?? new Error('the thread that compares passwords has ended')));
  const compare: Compare = (password, hash, cost) =>
    new Promise((resolve, reject) => {
      if (failed) {
        reject(failed);
        return;
      }
      waiting.set(++last, { resolve, reject });
      worker.postMessage({ id: last, password, hash, cost } satisfies Comparison);
    });
  // bcryptjs and its tables are loaded with the first comparison.
  await compare('', '$2b$04$abcdefghijklmnopqrstuu5QhZ3OWjOCRrhGPMYOWLDBhXzPs6FWK', 4);
  worker.unref();
  return { compare, close: () => void worker.terminate() };
}

// bcrypt, one comparison after the other, on a thread of its own.

import { parentPort } from 'node:worker_threads';
import { compareSync } from 'bcryptjs';

export interface Comparison {
  readonly id: number;
  readonly password: string;
  readonly hash: string;
  /** The cost that a wrong password takes, whatever that of the hash is. */
  readonly cost: number;
}

export interface Compared {
  readonly id: number;
  readonly equal: boolean;
}

/** Of no password. */
const SALT_AND_HASH = 'abcdefghijklmnopqrstuu5QhZ3OWjOCRrhGPMYOWLDBhXzPs6FWK';

parentPort!.on('message', ({ id, password, hash, cost }: Comparison) => {
  const equal = compareSync(password, hash);
  // 2^c + (2^c + 2^(c+1) + … + 2^(cost-1)) = 2^cost: a hash of low cost does not tell that its user exists.
  for (let c = Number(hash.slice(4, 6)); !equal && c < cost; c++)
    compareSync(password, `$2b$${String(c).padStart(2, '0')}$${SALT_AND_HASH}`);
  parentPort!.postMessage({ id, equal } satisfies Compared);
});

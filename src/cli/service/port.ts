// Whether something else listens where the service would.

import { createServer } from 'node:http';
import { once } from 'node:events';
import { StartError } from '../../exporter';
import { listen, type Address } from '../../server/address';
import { ask, type Host } from './host';

/** `own` is the process of a service that runs already; it will be replaced. */
export async function checkPorts(
  addresses: readonly Address[],
  own: number | undefined,
  host: Host,
): Promise<void> {
  for (const address of addresses) {
    // A socket that a dead process left behind is none that is in use; the server looks into that.
    if (address.port === undefined || (await canListen(address))) continue;
    const where = `${address.host ?? ''}:${address.port}`;
    const holder = await holderOf(address.port, host);
    if (own !== undefined && (holder === undefined || holder.pid === own)) continue;
    const who = holder ? `${holder.name} (pid ${holder.pid})` : 'another program';
    throw new StartError(
      `${where} is in use by ${who}; end it, or choose another address with --web.listen-address`,
    );
  }
}

/** Another failure than that it is in use is said as serve does. */
async function canListen(address: Address): Promise<boolean> {
  const server = createServer();
  try {
    await listen(server, address);
  } catch (error) {
    if ((error as { cause?: NodeJS.ErrnoException }).cause?.code === 'EADDRINUSE') return false;
    throw error;
  }
  server.close();
  await once(server, 'close');
  return true;
}

/** Undefined where only root may know. */
async function holderOf(
  port: number,
  host: Host,
): Promise<{ readonly pid: number; readonly name: string } | undefined> {
  const { text } = await ask(host, 'lsof', '-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc');
  const pid = /^p(\d+)$/m.exec(text)?.[1];
  return pid === undefined
    ? undefined
    : { pid: Number(pid), name: /^c(.+)$/m.exec(text)?.[1] ?? 'a program' };
}

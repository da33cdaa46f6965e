// Preloaded into the command with `node --expose-gc -r`: what of the heap is in use, when a test asks.

process.on('message', () => {
  globalThis.gc!();
  globalThis.gc!();
  const { heapUsed, external } = process.memoryUsage();
  process.send!({ heap: heapUsed, external });
});
process.channel?.unref();

// What nothing can be below: a node:net server that answers every request with one text that is at hand.
//
// Arguments: bytes of the text, port.

import { createServer } from 'node:net';

const [bytes, port] = process.argv.slice(2) as [string, string];
const answer = Buffer.from(`HTTP/1.1 200 OK\r\nContent-Length: ${bytes}\r\n\r\n${'a'.repeat(Number(bytes))}`);

createServer({ noDelay: true }, (socket) => {
  socket.on('data', () => socket.write(answer));
  socket.on('error', () => socket.destroy());
}).listen(Number(port), '127.0.0.1');

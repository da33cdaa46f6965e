// What nothing can be below: a server that answers every request with one text that is at hand, with node:http or with
// nothing but a socket.
//
// Arguments: http or net, bytes of the text, port.

import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';

const [kind, bytes, port] = process.argv.slice(2) as [string, string, string];
const text = Buffer.from('a'.repeat(Number(bytes)));
const answer = Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\nContent-Length: ${bytes}\r\n\r\n`), text]);

const server =
  kind === 'http'
    ? createHttpServer((_request, response) => {
        response.setHeader('Content-Type', 'text/plain; version=0.0.4; charset=utf-8');
        response.setHeader('Content-Length', text.length);
        response.end(text);
      })
    : createServer({ noDelay: true }, (socket) => {
        socket.on('data', () => socket.write(answer));
        socket.on('error', () => socket.destroy());
      });
server.listen(Number(port), '127.0.0.1');

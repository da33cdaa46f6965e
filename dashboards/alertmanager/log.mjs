// Prints each alert that Alertmanager sends, one line each: stands in the stack for a pager and a chat.

import { createServer } from 'node:http';

createServer((request, response) => {
  let body = '';
  request.on('data', (data) => (body += data));
  request.on('end', () => {
    response.end();
    try {
      for (const { status, labels, annotations } of JSON.parse(body).alerts)
        console.log(
          `${request.url} ${status} ${labels.severity} ${labels.alertname}: ${annotations.summary}`,
        );
    } catch (error) {
      console.error(`${request.url}: not what Alertmanager sends: ${error.message}`);
    }
  });
}).listen(9095, () => console.log('Waiting for alerts on port 9095'));

// Serves what a module exports (a fetch handler, a route of Next.js or a Lambda function), as its platform would, and
// makes every server listen on a free port. It prints the port.
import { createServer, Server } from 'node:http';

const { listen } = Server.prototype;
Server.prototype.listen = function (...args) {
  // The last argument may be a callback.
  const callback = args.at(-1);
  return listen.call(this, 0, '127.0.0.1', () => {
    process.stdout.write(`listening on ${this.address().port}\n`);
    if (typeof callback === 'function') callback();
  });
};

const receiver = await import(process.argv[2]);

async function answerOf(incoming, body) {
  const { method, url, headers } = incoming;
  if (receiver.handler !== undefined) {
    const event = { headers, body: body.toString('base64'), isBase64Encoded: true };
    const { statusCode, body: text } = await receiver.handler(event);
    return new Response(text, { status: statusCode });
  }
  const request = new Request(new URL(url, 'http://127.0.0.1'), { method, headers, body });
  return receiver.default?.fetch?.(request) ?? receiver.POST(request);
}

if ([receiver.handler, receiver.POST, receiver.default].some((one) => one !== undefined)) {
  createServer(async (incoming, response) => {
    const chunks = [];
    for await (const chunk of incoming) chunks.push(chunk);
    try {
      const answer = await answerOf(incoming, Buffer.concat(chunks));
      response.writeHead(answer.status).end(await answer.text());
    } catch {
      response.writeHead(500).end();
    }
  }).listen(0);
}

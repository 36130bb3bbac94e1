// Sends events to all clients with Node's `ws`: each is made into bytes once, then sent to each.
import { createInterface } from 'node:readline';
import { WebSocketServer } from 'ws';

const server = new WebSocketServer({
  port: Number(process.argv[2]), host: '127.0.0.1', backlog: 4096, perMessageDeflate: false,
});
let id = 1_000_000;

function tell() {
  id += 1;
  const facts = { listId: 'list_0', name: 'x'.repeat(100), quantity: 1, number: id };
  const event = {
    type: 'list.item_added', id: String(id), timestamp: new Date().toISOString(), data: facts, ...facts,
  };
  const bytes = Buffer.from(JSON.stringify(event));
  for (const client of server.clients) client.send(bytes, { binary: false });
}

server.on('listening', () => console.log(server.address().port));
createInterface({ input: process.stdin }).on('line', (line) => {
  for (let n = Number(line); n > 0; n -= 1) tell();
});

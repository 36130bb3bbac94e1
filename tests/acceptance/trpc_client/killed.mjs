// Follows all events over server-sent events until there are TOTAL; prints their numbers.
import { clientOf, follow, trpc, url, data } from './client.mjs';

const total = Number(process.env.TOTAL);
const client = clientOf(trpc.httpSubscriptionLink({ url }));
// Between two connections of an EventSource nothing else keeps Node awake.
setInterval(() => {}, 1000);
let heard = 0;
const told = await follow(
  client.events.on,
  { channels: ['list.*'], lastEventId: '0' },
  (all) => {
    heard += all.at(-1)[0] === 'data' ? 1 : 0;
    return heard === total;
  },
);
const numbers = data(told).map(({ data: event }) => event.data.number);
process.stdout.write(JSON.stringify(numbers), () => process.exit(0));

// Events of a whole house over server-sent events and over WebSocket, also after a break.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { clientOf, data, follow, overSocket, plain, trpc, until, url } from './client.mjs';

const { httpSubscriptionLink, splitLink, httpLink } = trpc;

const overEvents = () => clientOf(
  splitLink({
    condition: (op) => op.type === 'subscription',
    true: httpSubscriptionLink({ url }),
    false: httpLink({ url }),
  }),
);
const ways = {
  'server-sent events': () => ({ client: overEvents(), end: () => {} }),
  'a socket': () => {
    const { client, socket } = overSocket();
    return { client, end: () => socket.close() };
  },
};
const makeList = async (name) => (await plain.walmartGrocery.createList.mutate({ name })).list.id;
const starts = (told) => told.some(([kind]) => kind === 'started');

for (const [way, make] of Object.entries(ways)) {
  const it = (what, run) => test(`over ${way}, ${what}`, async () => {
    const { client, end } = make();
    try {
      await run(client);
    } finally {
      await end();
    }
  });

  it('what happens is told as it happens', async (client) => {
    const all = [];
    const enough = (told) => {
      all.splice(0, all.length, ...told);
      return data(told).length === 2;
    };
    const telling = follow(client.events.on, { channels: ['list.created', 'session.*'] }, enough);
    await until(() => starts(all), 'the start');
    const first = await makeList('Monday');
    const second = await makeList('Tuesday');
    const told = data(await telling);
    assert.deepEqual(told.map(({ data: event }) => event.type), ['list.created', 'list.created']);
    assert.deepEqual(told.map(({ data: event }) => event.data.listId), [first, second]);
    assert.ok(told.every(({ id, data: event }) => id === event.id));
  });

  it('who comes back hears each event once and in order', async (client) => {
    const before = data(await follow(
      client.walmartGrocery.onListChange, { lastEventId: '0' }, (told) => data(told).length === 1,
    ));
    const lists = [];
    for (let n = 0; n < 5; n += 1) lists.push(await makeList(`List ${n}`));
    const after = data(await follow(
      client.walmartGrocery.onListChange,
      { lastEventId: before[0].id },
      (told) => data(told).some(({ data: event }) => event.listId === lists[4]),
    ));
    const ids = after.map(({ id }) => Number(id));
    assert.deepEqual(ids, [...new Set(ids)].sort((a, b) => a - b));
    assert.ok(ids[0] > Number(before[0].id));
    assert.deepEqual(after.slice(-5).map(({ data: event }) => event.listId), lists);
    assert.equal(after.at(-1).data.type, 'list.created');
  });

  it('one list is heard alone', async (client) => {
    await makeList('Other');
    const wanted = await makeList('Wanted');
    const told = data(await follow(
      client.walmartGrocery.onListChange,
      { listId: wanted, lastEventId: '0' },
      (all) => data(all).length === 1,
    ));
    assert.equal(told[0].data.listId, wanted);
  });

  it('a channel that is none is refused', async (client) => {
    const told = await follow(client.events.on, { channels: ['a..b'] });
    const [kind, error] = told.at(-1);
    assert.equal(kind, 'error');
    assert.equal(error.data.code, 'BAD_REQUEST');
  });
}

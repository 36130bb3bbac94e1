// Subscriptions over server-sent events, and everything over WebSocket.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { clientOf, data, follow, overSocket, plain, trpc, until, url } from './client.mjs';

const { httpSubscriptionLink, splitLink, httpLink } = trpc;

const overEvents = (options = {}) => clientOf(
  splitLink({
    condition: (op) => op.type === 'subscription',
    true: httpSubscriptionLink({ url, ...options }),
    false: httpLink({ url }),
  }),
);
const open = async () => (await plain.diagnostics.activeSubscriptions.query()).count;

const ways = {
  'server-sent events': () => ({ client: overEvents(), end: () => {} }),
  'a socket': () => {
    const { client, socket } = overSocket();
    return { client, end: () => socket.close() };
  },
};

for (const [way, make] of Object.entries(ways)) {
  const it = (what, run) => test(`over ${way}, ${what}`, async () => {
    const { client, end } = make();
    try {
      await run(client);
    } finally {
      await end();
    }
  });

  it('a finite subscription completes', async ({ diagnostics }) => {
    const told = await follow(diagnostics.counter, { count: 3, intervalMs: 5 });
    assert.deepEqual(data(told), [{ seq: 1 }, { seq: 2 }, { seq: 3 }]);
    assert.deepEqual(told.at(0), ['started']);
    assert.deepEqual(told.at(-1), ['complete']);
  });

  it('tracked items come with their ids and others without', async ({ diagnostics }) => {
    const told = await follow(diagnostics.mixed, undefined);
    assert.deepEqual(data(told), [
      { id: 'm1', data: 'tracked one' }, 'untracked', { id: 'm2', data: 'tracked two' },
    ]);
  });

  it('a failure after items is told with its code', async ({ diagnostics }) => {
    const told = await follow(diagnostics.failing, { after: 2, code: 'FORBIDDEN' });
    assert.deepEqual(data(told), [0, 1]);
    const [kind, error] = told.at(-1);
    assert.equal(kind, 'error');
    assert.equal(error.data.code, 'FORBIDDEN');
    assert.equal(error.message, 'subscription failed');
  });

  it('a wrong input is refused before anything is given', async ({ diagnostics }) => {
    const told = await follow(diagnostics.counter, { count: 'many' });
    const [kind, error] = told.at(-1);
    assert.equal(kind, 'error');
    assert.ok(error.data.zodError.fieldErrors.count);
    assert.deepEqual(data(told), []);
  });

  it('unsubscribing ends the procedure', async ({ diagnostics }) => {
    const before = await open();
    const handle = diagnostics.idle.subscribe(undefined, { onData: () => {} });
    await until(async () => (await open()) === before + 1, 'the subscription to open');
    handle.unsubscribe();
    await until(async () => (await open()) === before, 'the subscription to end');
  });

  it('a lost connection goes on behind the last id', async ({ extra }) => {
    const got = [];
    const handle = extra.ticks.subscribe({ cutAfter: 3 }, { onData: (item) => got.push(item.id) });
    await until(() => got.length >= 6, 'items after the cut').catch(() => {});
    handle.unsubscribe();
    assert.deepEqual(got.slice(0, 6), ['1', '2', '3', '4', '5', '6']);
  });
}

test('a silent stream is opened anew behind the last id', async () => {
  const { extra } = clientOf(httpSubscriptionLink({ url: process.env.TRPC_SILENT_URL }));
  const got = [];
  const handle = extra.ticks.subscribe({ cutAfter: 3 }, { onData: (item) => got.push(item.id) });
  await until(() => got.length >= 6, 'items after the silence');
  handle.unsubscribe();
  assert.deepEqual(got.slice(0, 6), ['1', '2', '3', '4', '5', '6']);
});

test('connection params reach the context over server-sent events', async () => {
  const { extra } = overEvents({ connectionParams: { token: 'admin' } });
  const told = await follow(extra.whoAmI, undefined);
  assert.deepEqual(data(told), ['admin']);
});

test('connection params reach the context over a socket', async () => {
  const { client, socket } = overSocket({ connectionParams: async () => ({ token: 'admin' }) });
  assert.deepEqual(await client.diagnostics.adminOnly.query(), { ok: true });
  await socket.close();
});

test('what was asked over a socket with a rejected token fails with the reason', async () => {
  const { client, socket } = overSocket({ connectionParams: { token: 'reject' }, retryDelayMs: () => 5000 });
  const [told, error] = await Promise.all([
    follow(client.extra.whoAmI, undefined),
    client.diagnostics.nullResult.query().then(() => assert.fail('it succeeded'), (reason) => reason),
  ]);
  assert.equal(error.data.code, 'UNAUTHORIZED');
  assert.equal(error.message, 'Invalid token');
  assert.equal(told.at(-1)[0], 'error');
  assert.equal(told.at(-1)[1].data.code, 'UNAUTHORIZED');
  await socket.close();
});

test('a socket carries calls side by side', async () => {
  const { client: { diagnostics, extra }, socket } = overSocket();
  const order = [];
  await Promise.all([
    diagnostics.delay.query({ ms: 1_000, value: 'slow' }).then(({ value }) => order.push(value)),
    extra.add.mutate({ a: 1, b: 2 }).then(({ sum }) => order.push(sum)),
    diagnostics.nullResult.query().then((value) => order.push(value)),
    extra.nothing.mutate().then((value) => order.push(value)),
  ]);
  assert.deepEqual(order, [3, null, undefined, 'slow']);
  await socket.close();
});

test('a socket tells errors like HTTP does', async () => {
  const { client: { diagnostics, extra }, socket } = overSocket();
  await assert.rejects(diagnostics.crash.query(), (error) => error.data.httpStatus === 500);
  await assert.rejects(extra.add.mutate({}), (error) => error.data.code === 'BAD_REQUEST');
  await assert.rejects(diagnostics.adminOnly.query(), (error) => error.data.code === 'UNAUTHORIZED');
  await socket.close();
});

test('a client that asks for signs of life gets them', async () => {
  const { client, socket } = overSocket({ keepAlive: { enabled: true, intervalMs: 30, pongTimeoutMs: 2_000 } });
  assert.deepEqual(await client.diagnostics.delay.query({ ms: 2_500, value: 1 }), { value: 1 });
  assert.equal(socket.connection.state, 'open');
  await socket.close();
});

test('a notice to reconnect loses no item and keeps other calls', async () => {
  const { client: { diagnostics, extra }, socket } = overSocket();
  const got = [];
  const handle = extra.ticks.subscribe({}, { onData: (item) => got.push(Number(item.id)) });
  await until(() => got.length >= 3, 'first items');
  const first = socket.connection.id;
  assert.deepEqual(await diagnostics.broadcastReconnect.mutate(), { ok: true });
  await until(() => socket.connection?.id > first, 'the new socket');
  const seen = got.length;
  await until(() => got.length >= seen + 3, 'items on the new socket');
  handle.unsubscribe();
  assert.deepEqual(got, Array.from(got, (_, index) => index + 1));
  assert.deepEqual(await extra.add.mutate({ a: 1, b: 1 }), { sum: 2 });
  await socket.close();
});

test('closing a socket ends what runs on it', async () => {
  const before = await open();
  const { client: { diagnostics }, socket } = overSocket();
  diagnostics.idle.subscribe(undefined, { onData: () => {}, onError: () => {} });
  const call = diagnostics.startProbe.query({ id: 'on a socket', ms: 30_000 }).catch(() => {});
  const state = () => plain.diagnostics.readProbe.query({ id: 'on a socket' }).then((probe) => probe.state, () => null);
  await until(async () => (await state()) === 'running' && (await open()) > before, 'both to run');
  // Not `socket.close()`, which waits for what is pending.
  socket.connection.ws.close();
  await until(async () => (await state()) === 'aborted', 'the call to be aborted');
  void call;
  void socket.close();
});

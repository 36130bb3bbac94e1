// Uses that are legal and rare: limits of links, inputs at the edge, batches cut midway.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { clientOf, data, follow, overSocket, plain, trpc, until, url, wsUrl } from './client.mjs';

const { httpBatchLink, httpBatchStreamLink, httpLink, httpSubscriptionLink } = trpc;
const open = async () => (await plain.diagnostics.activeSubscriptions.query()).count;

// What fetch was asked, beside the answer.
function noting(asked) {
  return async (input, init) => {
    const answer = await fetch(input, init);
    asked.push({ url: new URL(String(input)), method: init.method, status: answer.status });
    return answer;
  };
}

for (const [name, link] of Object.entries({ httpBatchLink, httpBatchStreamLink })) {
  test(`${name} splits what is too long for a URL or too many for a batch`, async () => {
    for (const limit of [{ maxURLLength: 200 }, { maxItems: 2 }]) {
      const asked = [];
      const client = clientOf(link({ url, fetch: noting(asked), ...limit }));
      const values = ['a', 'b', 'c', 'd', 'e'];
      const calls = values.map((v) => client.diagnostics.echo.query({ v }));
      assert.deepEqual(await Promise.all(calls), values.map((v) => ({ echo: { v } })));
      assert.ok(asked.length > 1, JSON.stringify(limit));
      assert.ok(asked.every((one) => one.url.searchParams.get('batch') === '1'));
    }
  });

  test(`${name} may ask the same twice, and strangers beside it`, async () => {
    const asked = [];
    const { diagnostics, no } = clientOf(link({ url, fetch: noting(asked) }));
    const ends = await Promise.allSettled([
      diagnostics.echo.query({ v: 1 }),
      diagnostics.echo.query({ v: 1 }),
      no.such.query(),
      diagnostics.echo.query({ v: 2 }),
    ]);
    assert.deepEqual(ends.map((end) => end.status), ['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    assert.equal(ends[2].reason.data.code, 'NOT_FOUND');
    assert.equal(asked.length, 1);
    assert.equal(asked[0].status, link === httpBatchLink ? 207 : 200);
  });

  test(`${name} by POST carries long inputs`, async () => {
    const { diagnostics } = clientOf(link({ url, methodOverride: 'POST' }));
    const v = 'ü'.repeat(20_000);
    const [one, other] = await Promise.all([
      diagnostics.echo.query({ v }),
      diagnostics.delay.query({ ms: 1, value: 'x' }),
    ]);
    assert.equal(one.echo.v, v);
    assert.deepEqual(other, { value: 'x' });
  });
}

for (const [name, make] of Object.entries({
  httpLink: () => clientOf(httpLink({ url })),
  httpBatchLink: () => clientOf(httpBatchLink({ url })),
  httpBatchStreamLink: () => clientOf(httpBatchStreamLink({ url })),
  'wsLink, lazy': () => overSocket({ lazy: { enabled: true, closeMs: 50 } }).client,
})) {
  test(`${name} keeps every value that JSON can hold`, async () => {
    const { diagnostics } = make();
    const values = [null, '', '𝄞 ü \u2028 "\\', 0, -0.5, 1e21, [], { a: true }, [null, [1]], '%2C,+&=#'];
    const got = await Promise.all(values.map((v) => diagnostics.echo.query({ v })));
    assert.deepEqual(got.map((one) => one.echo.v), values);
  });
}

test('a batch stream that is left midway cancels what still runs', async () => {
  const { diagnostics } = clientOf(httpBatchStreamLink({ url }));
  const leaving = new AbortController();
  const options = { signal: leaving.signal };
  const quick = diagnostics.echo.query({ v: 1 }, options);
  const slow = diagnostics.startProbe.query({ id: 'odd', ms: 60_000 }, options);
  slow.catch(() => {});
  assert.deepEqual(await quick, { echo: { v: 1 } });
  leaving.abort();
  await assert.rejects(slow);
  const state = async () => (await plain.diagnostics.readProbe.query({ id: 'odd' })).state;
  await until(async () => (await state()) === 'aborted', 'the probe to be aborted');
});

// The client cuts a batch only when all of its calls were aborted.
test('one abort of a batch leaves the others alone', async () => {
  const { diagnostics } = clientOf(httpBatchLink({ url }));
  const leaving = new AbortController();
  const left = diagnostics.delay.query({ ms: 30, value: 'left' }, { signal: leaving.signal });
  const stays = diagnostics.delay.query({ ms: 30, value: 'stays' });
  leaving.abort();
  await Promise.allSettled([left]);
  assert.deepEqual(await stays, { value: 'stays' });
});

test('connection params may be a function that is asked for each connection', async () => {
  let asked = 0;
  const connectionParams = async () => ({ token: ++asked ? 'admin' : '' });
  const { client, socket } = overSocket({ connectionParams, lazy: { enabled: true, closeMs: 0 } });
  await client.diagnostics.adminOnly.query();
  await until(() => socket.connection === null || socket.connection.state !== 'open', 'an end');
  await client.diagnostics.adminOnly.query();
  assert.equal(asked, 2);
  const { extra } = clientOf(httpSubscriptionLink({ url, connectionParams }));
  assert.deepEqual(data(await follow(extra.whoAmI, undefined)), ['admin']);
});

test('subscriptions of clients that vanish are counted no more', async () => {
  const before = await open();
  const sockets = [1, 2, 3].map(() => new WebSocket(wsUrl));
  for (const socket of sockets) {
    socket.onopen = () => {
      const wanted = { id: 1, method: 'subscription', params: { path: 'diagnostics.idle' } };
      socket.send(JSON.stringify(wanted));
    };
  }
  const leaving = new AbortController();
  const headers = { accept: 'text/event-stream' };
  await fetch(`${url}/diagnostics.idle`, { headers, signal: leaving.signal });
  await until(async () => (await open()) === before + 4, 'four subscriptions');
  for (const socket of sockets) socket.close();
  leaving.abort();
  await until(async () => (await open()) === before, 'nobody left');
});

test('the id to resume after may come by header, query or input', async () => {
  const rest = 'data: "tracked two"\nid: m2';
  const input = encodeURIComponent(JSON.stringify({ lastEventId: 'm1' }));
  for (const [query, headers] of [
    ['', { 'last-event-id': 'm1' }],
    ['?lastEventId=m1', {}],
    ['?Last-Event-Id=m1', {}],
    [`?input=${input}`, {}],
  ]) {
    const accept = 'text/event-stream';
    const asked = await fetch(`${url}/diagnostics.mixed${query}`, { headers: { accept, ...headers } });
    const text = await asked.text();
    assert.ok(text.includes(rest) && !text.includes('tracked one'), `${query} ${text}`);
    assert.ok(text.endsWith('event: return\ndata: \n\n\n'));
  }
});

test('HEAD runs nothing, and a preflight is answered', async () => {
  const head = await fetch(`${url}/diagnostics.crash`, { method: 'HEAD' });
  assert.equal(head.status, 204);
  const asked = { origin: 'http://a.example', 'access-control-request-method': 'POST' };
  const preflight = await fetch(`${url}/extra.add`, { method: 'OPTIONS', headers: asked });
  assert.equal(preflight.status, 204);
});

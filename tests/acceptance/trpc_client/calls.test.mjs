// Queries and mutations through every link that makes them.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { clientOf, plain, trpc, until, url, wsUrl } from './client.mjs';

const { httpLink, httpBatchLink, httpBatchStreamLink, splitLink, retryLink } = trpc;

const failure = async (promise) => {
  const error = await promise.then(() => assert.fail('it succeeded'), (reason) => reason);
  assert.ok(error instanceof trpc.TRPCClientError);
  return error;
};

const links = {
  httpLink: httpLink({ url }),
  httpBatchLink: httpBatchLink({ url }),
  httpBatchStreamLink: httpBatchStreamLink({ url }),
  'httpBatchStreamLink by accept': httpBatchStreamLink({ url, streamHeader: 'accept' }),
};

for (const [name, link] of Object.entries(links)) {
  test(`${name} carries inputs, outputs, null and nothing`, async () => {
    const { diagnostics, extra } = clientOf(link);
    const v = { text: 'né "+ & = % 🛒', list: [1, 2.5, null], deep: { a: { b: true } } };
    assert.deepEqual(await diagnostics.echo.query({ v }), { echo: { v } });
    assert.equal(await diagnostics.nullResult.query(), null);
    assert.equal(await extra.nothing.mutate(), undefined);
    assert.deepEqual(await extra.add.mutate({ a: 2, b: 3 }), { sum: 5 });
  });

  test(`${name} tells errors with their code, status and path`, async () => {
    const { diagnostics } = clientOf(link);
    const thrown = { code: 'TOO_MANY_REQUESTS', message: 'slow down' };
    const error = await failure(diagnostics.throwCode.query(thrown));
    assert.equal(error.message, 'slow down');
    assert.equal(error.shape.code, -32029);
    assert.deepEqual(error.data, {
      code: 'TOO_MANY_REQUESTS', httpStatus: 429, path: 'diagnostics.throwCode', zodError: null,
    });
  });

  test(`${name} tells every problem of an input`, async () => {
    const error = await failure(clientOf(link).extra.add.mutate({ a: 'x', b: 1000 }));
    assert.equal(error.data.code, 'BAD_REQUEST');
    assert.deepEqual(error.data.zodError, {
      formErrors: [],
      fieldErrors: {
        a: ['Invalid input: expected number, received string'],
        b: ['Too big: expected number to be <=100'],
      },
    });
    assert.deepEqual(JSON.parse(error.message).map((issue) => issue.path), [['a'], ['b']]);
  });

  test(`${name} hides what nobody foresaw`, async () => {
    const error = await failure(clientOf(link).diagnostics.crash.query());
    assert.equal(error.data.code, 'INTERNAL_SERVER_ERROR');
    assert.doesNotMatch(JSON.stringify(error.shape), /boom/);
    assert.equal(error.data.stack, undefined);
  });

  test(`${name} finds no procedure where there is none`, async () => {
    const error = await failure(clientOf(link).no.such.procedure.query());
    assert.equal(error.data.code, 'NOT_FOUND');
    assert.equal(error.message, 'No procedure found on path "no.such.procedure"');
  });
}

test('a batch runs side by side, and one failure stays in its slot', async () => {
  const { diagnostics } = clientOf(links.httpBatchLink);
  const begun = performance.now();
  const [slow, failed, quick] = await Promise.allSettled([
    diagnostics.delay.query({ ms: 300, value: 'slow' }),
    diagnostics.throwCode.query({ code: 'CONFLICT', message: 'no' }),
    diagnostics.delay.query({ ms: 300, value: 'quick' }),
  ]);
  assert.ok(performance.now() - begun < 590);
  assert.deepEqual(slow.value, { value: 'slow' });
  assert.equal(failed.reason.data.code, 'CONFLICT');
  assert.equal(failed.reason.meta.response.status, 207);
  assert.deepEqual(quick.value, { value: 'quick' });
});

test('in a batch stream, quick calls overtake slow ones', async () => {
  const { diagnostics } = clientOf(links.httpBatchStreamLink);
  const order = [];
  const run = async (ms) => order.push((await diagnostics.delay.query({ ms, value: ms })).value);
  await Promise.all([run(400), run(0), run(150)]);
  assert.deepEqual(order, [0, 150, 400]);
});

test('splitLink and retryLink reach the procedure', async () => {
  let tries = 0;
  const { extra, diagnostics } = clientOf(
    retryLink({ retry: ({ attempts, error }) => {
      tries = attempts;
      return attempts < 5 && error.data?.code === 'SERVICE_UNAVAILABLE';
    } }),
    splitLink({ condition: (op) => op.type === 'mutation', true: links.httpLink, false: links.httpBatchLink }),
  );
  assert.deepEqual(await extra.flaky.query({ id: 'split', failures: 2 }), { tries: 3 });
  assert.equal(tries, 2);
  assert.deepEqual(await extra.add.mutate({ a: 1, b: 1 }), { sum: 2 });
  assert.equal(await diagnostics.nullResult.query(), null);
});

test('queries may come by POST where the door allows it', async () => {
  const { diagnostics } = clientOf(httpLink({ url, methodOverride: 'POST' }));
  const v = 'x'.repeat(100_000);
  assert.deepEqual(await diagnostics.echo.query({ v }), { echo: { v } });
});

test('a mutation is not called as a query', async () => {
  const error = await failure(plain.extra.add.query({ a: 1, b: 1 }));
  assert.equal(error.data.code, 'METHOD_NOT_SUPPORTED');
  assert.equal(error.meta.response.headers.get('allow'), 'POST');
});

for (const name of ['httpLink', 'httpBatchLink', 'httpBatchStreamLink']) {
  test(`an abort through ${name} reaches the procedure`, async () => {
    const id = `aborted ${name}`;
    const abort = new AbortController();
    const call = clientOf(links[name]).diagnostics.startProbe.query({ id, ms: 30_000 }, { signal: abort.signal });
    const state = () => plain.diagnostics.readProbe.query({ id }).then((probe) => probe.state, () => null);
    await until(async () => (await state()) === 'running', 'the probe to run');
    abort.abort();
    await failure(call);
    await until(async () => (await state()) === 'aborted', 'the probe to be aborted');
  });
}

test('a probe that nobody aborts is done', async () => {
  assert.deepEqual(await plain.diagnostics.startProbe.query({ id: 'whole', ms: 30 }), { state: 'done' });
  assert.deepEqual(await plain.diagnostics.readProbe.query({ id: 'whole' }), { state: 'done' });
});

test('forms are uploaded with their files', async () => {
  const form = new FormData();
  form.append('name', 'wöchentlich');
  form.append('file', new File(['a,b\r\n1,2'], 'list é.csv', { type: 'text/csv' }));
  const answer = await plain.diagnostics.uploadForm.mutate(form);
  assert.deepEqual(answer, { name: 'wöchentlich', fileName: 'list é.csv', size: 8 });
});

test('a form without its field is refused by name', async () => {
  const error = await failure(plain.diagnostics.uploadForm.mutate(new FormData()));
  assert.equal(error.data.code, 'BAD_REQUEST');
});

test('bytes are uploaded as Blob, File and Uint8Array', async () => {
  const bytes = new Uint8Array(300_000).fill(3);
  const wanted = { size: 300_000, sum: 900_000 };
  for (const body of [bytes, new Blob([bytes]), new File([bytes], 'f.bin')]) {
    assert.deepEqual(await plain.diagnostics.uploadBytes.mutate(body), wanted);
  }
});

test('an input of another kind is refused', async () => {
  const json = await failure(plain.diagnostics.uploadForm.mutate({ name: 'x' }));
  assert.equal(json.data.code, 'BAD_REQUEST');
  const bytes = await failure(plain.extra.add.mutate(new Blob(['{}'])));
  assert.equal(bytes.data.code, 'BAD_REQUEST');
});

test('only administrators get what is theirs', async () => {
  const as = (token) => clientOf(httpLink({ url, headers: { authorization: `Bearer ${token}` } }));
  assert.equal((await failure(plain.diagnostics.adminOnly.query())).data.code, 'UNAUTHORIZED');
  assert.equal((await failure(as('user').diagnostics.adminOnly.query())).data.code, 'FORBIDDEN');
  assert.deepEqual(await as('admin').diagnostics.adminOnly.query(), { ok: true });
});

test('a rejected token fails each call of a batch', async () => {
  const { diagnostics } = clientOf(httpBatchLink({ url, headers: { authorization: 'Bearer reject' } }));
  const errors = await Promise.all([failure(diagnostics.nullResult.query()), failure(diagnostics.echo.query({}))]);
  assert.deepEqual(errors.map((error) => error.data.code), ['UNAUTHORIZED', 'UNAUTHORIZED']);
});

test('too large a batch and too large a body are refused', async () => {
  const { diagnostics } = clientOf(links.httpBatchLink);
  const errors = await Promise.all(Array.from({ length: 11 }, () => failure(diagnostics.nullResult.query())));
  assert.ok(errors.every((error) => error.message === 'Batch call exceeds maximum size'));
  const error = await failure(plain.extra.add.mutate({ a: 1, b: 1, pad: 'x'.repeat(3_000_000) }));
  assert.equal(error.data.code, 'PAYLOAD_TOO_LARGE');
  assert.ok(wsUrl);
});

// The real server with procedures like those of the client's door; prints a port without (0) and
// one with (1) `allowMethodOverride`, and ends with its input.
import { createServer } from 'node:http';
import { createRequire } from 'node:module';

const require = createRequire(new URL('../../node/package.json', import.meta.url));
const { initTRPC, tracked, TRPCError } = require('@trpc/server');
const { createHTTPHandler } = require('@trpc/server/adapters/standalone');

const t = initTRPC.create({
  isDev: false,
  errorFormatter: ({ shape }) => ({ ...shape, data: { ...shape.data, zodError: null } }),
  sse: { client: { reconnectAfterInactivityMs: 2000 } },
});
const refuse = () => {
  throw new TRPCError({ code: 'BAD_REQUEST' });
};
const must = (holds) => holds || refuse();
const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value) => value === undefined || typeof value === 'string';
const isId = (value) => value === null || isText(value);
const takes = (check) => t.procedure.input((value) => {
  must(isObject(value) && check(value));
  return value;
});
const mayTake = (check) => t.procedure.input((value = {}) => {
  must(isObject(value) && check(value));
  return value;
});
const items = [['m1', 'tracked one'], [null, 'untracked'], ['m2', 'tracked two']];

const router = t.router({
  diagnostics: t.router({
    echo: mayTake(() => true).query(({ input: { v } }) => ({ echo: { v } })),
    nullResult: t.procedure.query(() => null),
    throwCode: takes(({ code, message }) => typeof code === 'string' && isText(message)).query(
      ({ input: { code, message } }) => {
        throw new TRPCError({ code, message: message || undefined });
      },
    ),
    counter: takes(({ count, lastEventId }) => Number.isInteger(count) && isId(lastEventId))
      .subscription(async function* ({ input: { count, lastEventId } }) {
        for (let seq = (Number(lastEventId) || 0) + 1; seq <= count; seq += 1) yield { seq };
      }),
    mixed: mayTake(({ lastEventId }) => isId(lastEventId))
      .subscription(async function* ({ input: { lastEventId } }) {
        const known = items.findIndex(([id]) => id !== null && id === lastEventId);
        for (const [id, item] of items.slice(known + 1)) yield id ? tracked(id, item) : item;
      }),
    failing: mayTake(({ after = 0, code }) => Number.isInteger(after) && isText(code))
      .subscription(async function* ({ input: { after = 0, code = 'INTERNAL_SERVER_ERROR' } }) {
        for (let item = 0; item < after; item += 1) yield item;
        throw new TRPCError({ code, message: 'subscription failed' });
      }),
    uploadForm: t.procedure.input((form) => {
      must(form instanceof FormData && typeof form.get('name') === 'string');
      return form;
    }).mutation(({ input: form }) => {
      const file = form.get('file');
      return { name: form.get('name'), fileName: file?.name ?? null, size: file?.size ?? 0 };
    }),
    uploadBytes: t.procedure.input((stream) => {
      must(stream instanceof ReadableStream);
      return stream;
    }).mutation(async ({ input: stream }) => {
      const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
      return { size: bytes.length, sum: bytes.reduce((sum, byte) => sum + byte, 0) };
    }),
  }),
  extra: t.router({
    add: takes(({ a, b }) => Number.isInteger(a) && Number.isInteger(b) && b <= 100)
      .mutation(({ input: { a, b } }) => ({ sum: a + b })),
    nothing: t.procedure.mutation(() => {}),
  }),
});

for (const allowMethodOverride of [false, true]) {
  const answer = createHTTPHandler({ router, basePath: '/trpc/', maxBatchSize: 10, allowMethodOverride });
  const server = createServer(answer);
  server.listen(0, '127.0.0.1', () => console.log(Number(allowMethodOverride), server.address().port));
}
process.stdin.resume().on('end', () => process.exit());

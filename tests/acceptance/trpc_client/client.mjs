// The unmodified client, from the Node project of the tests, and how these tests reach the door.
import { createRequire } from 'node:module';

const require = createRequire(new URL('../../node/package.json', import.meta.url));
export const trpc = require('@trpc/client');

export const url = process.env.TRPC_URL;
export const wsUrl = url.replace('http', 'ws');

export function clientOf(...links) {
  return trpc.createTRPCClient({ links });
}

export function overSocket(options = {}) {
  const socket = trpc.createWSClient({ url: wsUrl, retryDelayMs: () => 20, ...options });
  return { socket, client: clientOf(trpc.wsLink({ client: socket })) };
}

export const plain = clientOf(trpc.httpLink({ url }));

// Everything that a subscription tells, in order, until it is over or `enough` says so.
export function follow(subscription, input, enough = () => false) {
  const told = [];
  return new Promise((resolve) => {
    let handle;
    const note = (kind, value) => {
      told.push(value === undefined ? [kind] : [kind, value]);
      if (kind === 'error' || kind === 'complete' || enough(told)) {
        setImmediate(() => {
          handle.unsubscribe();
          resolve(told);
        });
      }
    };
    handle = subscription.subscribe(input, {
      onStarted: () => note('started'),
      onData: (data) => note('data', data),
      onError: (error) => note('error', error),
      onComplete: () => note('complete'),
    });
  });
}

export async function until(check, what) {
  const deadline = Date.now() + 120_000;
  for (;;) {
    const value = await check();
    if (value) return value;
    if (Date.now() > deadline) throw new Error(`waited too long for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

export const data = (told) => told.filter(([kind]) => kind === 'data').map(([, value]) => value);

// A program that signs in, stays signed in, and reads typed errors: the unmodified @trpc/client.
//
// Types: `manciple types > app-router.ts` writes what your house offers; see README.md.
import { createTRPCClient, httpBatchLink, TRPCClientError } from '@trpc/client';
import type { AppRouter } from './app-router.ts';

type Tokens = { accessToken: string; refreshToken: string; expiresAt: number };
type Entrance = {
  accessToken: string | null;
  refreshToken: string | null;
  accessExpiresAt: string | null;
};

// A call must arrive before its token has run out.
const AHEAD_MS = 5_000;

/** Keeps the tokens of one session, and exchanges them when the access token has run out. */
class Session {
  private tokens: Tokens | undefined;
  private exchanging: Promise<void> | undefined;
  private readonly url: string;
  private readonly plain;

  constructor(url: string) {
    this.url = url;
    this.plain = createTRPCClient<AppRouter>({ links: [httpBatchLink({ url })] });
  }

  async signIn(email: string, password: string): Promise<void> {
    this.keep(await this.plain.auth.signIn.mutate({ email, password }));
  }

  client() {
    return createTRPCClient<AppRouter>({
      links: [
        httpBatchLink({
          url: this.url,
          fetch: (url, options) => this.fetch(url as string, options as RequestInit),
        }),
      ],
    });
  }

  /** Sends a request with a token that is good; if it is refused after all, once more. */
  private async fetch(url: string, options: RequestInit): Promise<Response> {
    if (this.tokens && Date.now() > this.tokens.expiresAt - AHEAD_MS) await this.refresh();
    const used = this.tokens?.accessToken;
    const response = await fetch(url, this.signed(options));
    if (response.status !== 401 || this.tokens === undefined) return response;
    if (used === this.tokens.accessToken) await this.refresh();
    return fetch(url, this.signed(options));
  }

  /** A refresh token is good for one exchange, so calls that fail together share it. */
  private refresh(): Promise<void> {
    this.exchanging ??= this.plain.auth.refresh
      .mutate({ refreshToken: this.tokens!.refreshToken })
      .then((entrance) => this.keep(entrance))
      .finally(() => (this.exchanging = undefined));
    return this.exchanging;
  }

  private signed(options: RequestInit): RequestInit {
    const headers = new Headers(options.headers);
    if (this.tokens) headers.set('authorization', `Bearer ${this.tokens.accessToken}`);
    return { ...options, headers };
  }

  private keep({ accessToken, refreshToken, accessExpiresAt }: Entrance): void {
    if (accessToken === null || refreshToken === null || accessExpiresAt === null) return;
    this.tokens = { accessToken, refreshToken, expiresAt: Date.parse(accessExpiresAt) };
  }
}

const url = process.env.MANCIPLE_URL ?? 'http://localhost:3000/trpc';
const session = new Session(url);
await session.signIn(process.env.MANCIPLE_EMAIL!, process.env.MANCIPLE_PASSWORD!);
const house = session.client();

const created = await house.walmartGrocery.createList.mutate({ name: 'From TypeScript' });
console.log(`created ${created.list.name}`);

// Long after the access token has run out, the client is still signed in.
await new Promise((resolve) => setTimeout(resolve, Number(process.env.REST_MS ?? 0)));
const [me, lists] = await Promise.all([
  house.auth.me.query(),
  house.walmartGrocery.getLists.query({}),
]);
console.log(`still ${me.user?.displayName}, with ${lists.lists.length} list`);

try {
  await house.walmartGrocery.getList.query({ listId: 'list_of_nobody' });
} catch (error) {
  if (!(error instanceof TRPCClientError)) throw error;
  console.log(`typed error: ${error.data?.code} ${error.data?.httpStatus}`);
}

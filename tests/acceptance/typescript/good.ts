// What a front end may write, and what it then knows. It must compile as it stands.
import { createTRPCClient, httpBatchLink, TRPCClientError } from "@trpc/client";
import type { inferRouterInputs, inferRouterOutputs } from "@trpc/server";
import type { AppRouter, Thing, Tracked, Progress, WantedThings } from "./app_router.js";

type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function holds<_ extends true>(): void {}

export const client = createTRPCClient<AppRouter>({
  links: [httpBatchLink({ url: "http://127.0.0.1:3000/trpc" })],
});

export async function inputs(thing: Thing): Promise<void> {
  await client.walmartGrocery.search.query({ query: "milk" });
  await client.walmartGrocery.search.query({
    query: "milk",
    limit: 5,
    cursor: null,
    aisles: ["dairy"],
    maxPrice: 4.5,
    sort: "price",
    measure: { kind: "counted", pieces: 12 },
  });
  const limit = undefined as number | undefined;
  await client.walmartGrocery.search.query({ query: "milk", limit });
  await client.walmartGrocery.anything.query();
  await client.walmartGrocery.anything.query({ isFresh: true });
  await client.auth.logout.mutate();
  await client.auth.whoAmI.query();
  await client.auth.whoAmI.query({ text: "?" });
  await client.walmartGrocery.upload.mutate(new FormData());
  await client.walmartGrocery.uploadRaw.mutate(new Uint8Array([1, 2]));
  await client.walmartGrocery.uploadRaw.mutate(new Blob(["a"]));
  const answered = await client.walmartGrocery.putThing.mutate(thing);
  holds<Equal<typeof answered.thingId, string>>();
}

export async function outputs(): Promise<void> {
  const page = await client.walmartGrocery.search.query({ query: "milk" });
  holds<Equal<typeof page.nextCursor, string | null>>();
  const [first] = page.items;
  if (!first) return;
  holds<Equal<typeof first.seenAt, string>>();
  holds<Equal<typeof first.bestBefore, string | null>>();
  holds<Equal<typeof first.price, { amount: number; currency: string } | null>>();
  holds<Equal<typeof first.aisle, "dairy" | "frozen">>();
  holds<Equal<typeof first.stars, 1 | 5 | null>>();
  holds<Equal<typeof first.spans, [number, string, boolean]>>();
  holds<Equal<typeof first.state, "new" | "old" | 3>>();
  holds<Equal<typeof first.note, string | undefined>>();
  holds<Equal<typeof first.tags, string[]>>();
  holds<Equal<(typeof first.counts)[string], number>>();
  const frozen: (number | null)[] | undefined = first.perAisle.frozen;
  const deep: string | undefined = first.category.children[0]?.children[0]?.title;
  const pieces: number =
    first.measure.kind === "counted" ? first.measure.perPack : first.measure.grams;
  const [row, column]: [number, number] = first.place;
  void [frozen, deep, pieces, row, column];
  const nothing = await client.auth.logout.mutate();
  holds<Equal<typeof nothing, undefined>>();
  const odd = await client.walmartGrocery.upload.mutate(new FormData());
  holds<Equal<(typeof odd)["odd-value"], number>>();
}

export function subscriptions(): void {
  client.groceryNLPQueue.onProgress.subscribe(undefined, {
    onData: (item) => {
      holds<Equal<typeof item.id, string>>();
      holds<Equal<typeof item.data.done, number>>();
    },
  });
  client.groceryNLPQueue.onProgress.subscribe({ thingId: "a" }, { onData() {} }).unsubscribe();
  client.groceryNLPQueue.ticks.subscribe({ done: 0 }, { onData: (tick) => tick.toFixed(1) });
  client.groceryNLPQueue.mixed.subscribe(undefined, {
    onData: (item) => ("data" in item ? item.data.done : item.amount),
  });
}

export async function iteration(): Promise<void> {
  for await (const item of client.groceryNLPQueue.onProgress.subscribe({ thingId: "a" }, {})) {
    holds<Equal<typeof item, Tracked<Progress>>>();
  }
}

export function refusal(error: unknown): string[] | undefined {
  if (!(error instanceof TRPCClientError)) return undefined;
  const known = error as TRPCClientError<AppRouter>;
  holds<Equal<NonNullable<typeof known.data>["httpStatus"], number>>();
  return known.data?.code === "BAD_REQUEST"
    ? known.data.zodError?.fieldErrors.query
    : known.data?.zodError?.formErrors;
}

type Inputs = inferRouterInputs<AppRouter>;
type Outputs = inferRouterOutputs<AppRouter>;
holds<Equal<Inputs["walmartGrocery"]["search"], WantedThings>>();
holds<Equal<Inputs["auth"]["logout"], void>>();
holds<Equal<Outputs["walmartGrocery"]["anything"], unknown>>();
export const item: Tracked<Progress> = { id: "1", data: { done: 1 } };

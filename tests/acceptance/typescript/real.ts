// A client of the product itself, with the diagnostics that a conformance run mounts.
import { createTRPCClient, httpLink } from "@trpc/client";
import type { AppRouter } from "./product.js";

const client = createTRPCClient<AppRouter>({ links: [httpLink({ url: "/trpc" })] });

export async function main(): Promise<void> {
  const { list } = await client.walmartGrocery.createList.mutate({ name: "Weekly" });
  const filled = await client.walmartGrocery.addToList.mutate({
    listId: list.id,
    items: [{ text: "candles", quantity: 2 }],
    version: list.version,
  });
  const outcome: "added" | "merged" | "refused" = filled.results[0]!.status;
  const lists = await client.walmartGrocery.getLists.query();
  const cursor: string | null = lists.nextCursor;
  const health = await client.monitoring.health.query();
  const status: "healthy" | "degraded" | "unhealthy" = health.status;
  const echoed: unknown = (await client.diagnostics.echo.query({ v: { any: "thing" } })).echo.v;
  const size: number = (await client.diagnostics.uploadForm.mutate(new FormData())).size;
  client.diagnostics.counter.subscribe({ count: 3 }, { onData: (item) => item.seq.toFixed() });
  const { members } = await client.households.members.query({ householdId: "a" });
  const role = members[0]!.role;
  await client.households.setRole.mutate({ householdId: "a", memberId: "b", role });
  const { user } = await client.auth.me.query();
  await client.auth.createToken.mutate({ name: "mine", grants: user?.grants ?? [] });
  client.walmartGrocery.onListChange.subscribe(undefined, {
    onData: ({ data }) => {
      const added: "list.item_added" | null = data.type === "list.item_added" ? data.type : null;
      void added;
    },
  });
  void [outcome, cursor, status, echoed, size];
}

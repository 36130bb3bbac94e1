// The specification's own stack, built idiomatically: express, @trpc/server, zod, and its service's
// cache (a Map of objects with an expiry). Arguments: the port, and a file with the answer.
import { readFileSync } from "node:fs";
import express from "express";
import { initTRPC } from "@trpc/server";
import { createExpressMiddleware } from "@trpc/server/adapters/express";
import { z } from "zod";

const answer = JSON.parse(readFileSync(process.argv[3], "utf8"));
const cache = new Map();
const ttlMs = 300_000;

const searchProductsSchema = z.object({
  query: z.string().min(1),
  category: z.string().optional(),
  minPrice: z.number().min(0).optional(),
  maxPrice: z.number().min(0).optional(),
  inStock: z.boolean().optional(),
  limit: z.number().min(1).max(100).default(20),
});

function search(options) {
  const key = `search:${JSON.stringify(options)}`;
  const kept = cache.get(key);
  if (kept && kept.expiry > Date.now()) return kept.data;
  const products = answer.products.slice(0, options.limit);
  const data = { ...answer, products, count: products.length };
  cache.set(key, { data, expiry: Date.now() + ttlMs });
  return data;
}

const t = initTRPC.create({ isDev: false });
const appRouter = t.router({
  walmartGrocery: t.router({
    searchProducts: t.procedure.input(searchProductsSchema).mutation(({ input }) => search(input)),
  }),
});

const app = express();
app.disable("x-powered-by");
app.set("etag", false);
app.use("/trpc", createExpressMiddleware({ router: appRouter, createContext: () => ({}) }));
app.listen(Number(process.argv[2]), "127.0.0.1", () => console.log("listening"));

// What Node can do without a framework: node:http, zod, and answers kept as ready bytes.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
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
  const key = JSON.stringify(options);
  const kept = cache.get(key);
  if (kept && kept.expiry > Date.now()) return kept.body;
  const products = answer.products.slice(0, options.limit);
  const data = { ...answer, products, count: products.length };
  const body = Buffer.from(JSON.stringify({ result: { data } }));
  cache.set(key, { body, expiry: Date.now() + ttlMs });
  return body;
}

function respond(request, response, raw) {
  if (request.method !== "POST" || request.url !== "/trpc/walmartGrocery.searchProducts") {
    response.writeHead(404).end();
    return;
  }
  const wanted = searchProductsSchema.safeParse(JSON.parse(raw));
  if (!wanted.success) {
    response.writeHead(400).end();
    return;
  }
  const body = search(wanted.data);
  response.writeHead(200, {
    "content-type": "application/json",
    vary: "trpc-accept, accept",
    "content-length": body.length,
  });
  response.end(body);
}

createServer((request, response) => {
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => respond(request, response, Buffer.concat(chunks).toString()));
}).listen(Number(process.argv[2]), "127.0.0.1", () => console.log("listening"));

// Every grocery procedure that the specification names, asked by the unmodified client.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plain, trpc } from '../trpc_client/client.mjs';

const grocery = plain.walmartGrocery;

function isProduct(product) {
  assert.equal(typeof product.productId, 'string');
  assert.equal(typeof product.name, 'string');
  assert.ok(product.currentPrice === null || typeof product.currentPrice === 'number');
  assert.ok(product.currentPrice !== null || typeof product.priceMissing === 'string');
  if (product.currentPrice !== null) {
    assert.equal(typeof product.price.source, 'string');
    assert.ok(product.price.confidence > 0 && product.price.confidence <= 1);
  }
}

async function first(query) {
  const { products } = await grocery.searchProducts.mutate({ query, limit: 1 });
  return products[0];
}

test('searchProducts finds, filters and counts', async () => {
  const found = await grocery.searchProducts.mutate({
    query: 'cheddar cheese', minPrice: 1, maxPrice: 6, limit: 5,
  });
  assert.equal(found.success, true);
  assert.equal(found.count, found.products.length);
  assert.equal(found.count, 5);
  for (const product of found.products) {
    isProduct(product);
    assert.ok(product.currentPrice >= 1 && product.currentPrice <= 6);
  }
});

test('searchProducts refuses an empty query and a limit out of bounds, naming both', async () => {
  await assert.rejects(grocery.searchProducts.mutate({ query: '', limit: 101 }), (error) => {
    assert.ok(error instanceof trpc.TRPCClientError);
    assert.equal(error.data.code, 'BAD_REQUEST');
    assert.deepEqual(Object.keys(error.data.zodError.fieldErrors).sort(), ['limit', 'query']);
    return true;
  });
});

test('hybridSearch answers in its three groups', async () => {
  const found = await grocery.hybridSearch.mutate({
    query: 'milk', includeExternal: true, includePastPurchases: true, includeRecommendations: true,
    priceRange: { min: 0, max: 20 }, inStockOnly: false, sortBy: 'price', limit: 4,
  });
  const groups = [found.pastPurchases, found.newProducts, found.recommendedProducts];
  groups.flat().forEach(isProduct);
  assert.equal(found.totalResults, groups.flat().length);
  assert.equal(found.searchMetadata.query, 'milk');
  assert.equal(typeof found.searchMetadata.executionTime, 'number');
  assert.ok(found.searchMetadata.sources.includes('catalog'));
  const prices = found.newProducts.map((product) => product.currentPrice);
  assert.deepEqual(prices, [...prices].sort((a, b) => a - b));
});

test('getProductDetails tells of one product, and of none that is not there', async () => {
  const milk = await first('whole milk');
  isProduct(await grocery.getProductDetails.query({ productId: milk.productId }));
  await assert.rejects(grocery.getProductDetails.query({ productId: 'nope' }), (error) => {
    assert.equal(error.data.code, 'NOT_FOUND');
    return true;
  });
});

test('createList and addToList keep every item or say why not', async () => {
  const milk = await first('whole milk');
  const { list } = await grocery.createList.mutate({ name: 'weekly', description: 'for us' });
  const added = await grocery.addToList.mutate({
    listId: list.id,
    items: [
      { productId: milk.productId, quantity: 2, notes: 'the green one' },
      { productId: milk.productId, quantity: 1 },
      { productId: 'nope', quantity: 1 },
    ],
  });
  assert.deepEqual(added.results.map((one) => one.status), ['added', 'merged', 'refused']);
  assert.equal(added.results[2].reason, 'unknown_product');
  assert.equal(added.list.items[0].quantity, 3);
});

test('somebody else may not be named as the owner', async () => {
  await assert.rejects(grocery.createList.mutate({ userId: 'somebody', name: 'x' }), (error) => {
    assert.equal(error.data.code, 'FORBIDDEN');
    return true;
  });
});

test('findSubstitutions proposes what is alike', async () => {
  const milk = await first('whole milk 1 gallon');
  const found = await grocery.findSubstitutions.query({
    productId: milk.productId, similarityThreshold: 0.4, maxPriceDifference: 5,
    preferredBrands: ['Great Value'], avoidBrands: [],
  });
  assert.equal(found.success, true);
  assert.equal(found.count, found.substitutions.length);
  found.substitutions.forEach((product) => {
    isProduct(product);
    assert.ok(product.similarity >= 0.4 && product.similarity <= 1);
    assert.notEqual(product.productId, milk.productId);
  });
});

test('a session ends in a hand-off that says what it is', async () => {
  const cheerios = await first('cheerios 18 oz');
  const { list } = await grocery.createList.mutate({ name: 'tonight' });
  await grocery.addToList.mutate({
    listId: list.id, items: [{ productId: cheerios.productId, quantity: 2 }],
  });
  const { session } = await grocery.startShoppingSession.mutate({ listId: list.id, type: 'pickup' });
  const quoted = await grocery.processCheckout.mutate({ sessionId: session.id });
  assert.equal(quoted.status, 'needs_confirmation');
  assert.equal(quoted.quote.till.total, Number((2 * cheerios.currentPrice).toFixed(2)));
  const { id: quoteId, termsHash } = quoted.quote;
  const done = await grocery.processCheckout.mutate({
    sessionId: session.id, confirmation: { quoteId, termsHash },
  });
  assert.equal(done.status, 'handed_over');
  assert.equal(done.orderPlaced, false);
  assert.ok(done.cartLinks[0].includes(`items=${cheerios.productId}_2`));
});

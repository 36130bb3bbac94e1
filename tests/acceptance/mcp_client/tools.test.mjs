// An agent shops by tools alone, through the unmodified client, in a house open to its machine.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { call, connected } from './client.mjs';

let agent;

before(async () => {
  agent = await connected();
});

after(async () => {
  await agent.client.close();
  assert.deepEqual(agent.failures, []);
});

test('they agree on the newest revision that both speak', async () => {
  assert.equal(agent.transport.protocolVersion, '2025-11-25');
  assert.equal(agent.transport.sessionId, undefined);
  assert.equal(agent.client.getServerVersion().name, 'manciple');
  assert.deepEqual(agent.client.getServerCapabilities(), { tools: {} });
  assert.match(agent.client.getInstructions(), /groceries/);
  await agent.client.ping();
});

test('every tool is listed, with what it takes and gives', async () => {
  const { tools, nextCursor } = await agent.client.listTools();
  const byName = Object.fromEntries(tools.map((tool) => [tool.name, tool]));
  assert.equal(nextCursor, undefined);
  assert.ok(tools.length > 30);
  for (const tool of tools) {
    assert.match(tool.name, /^[a-zA-Z0-9_-]{1,48}$/);
    assert.ok(tool.title && tool.description);
    assert.equal(tool.inputSchema.type, 'object');
    assert.equal(tool.outputSchema.type, 'object');
  }
  assert.equal(byName.walmartGrocery_search.annotations.readOnlyHint, true);
  assert.equal(byName.walmartGrocery_createList.annotations.readOnlyHint, false);
  assert.deepEqual(byName.walmartGrocery_createList.inputSchema.required, ['name']);
});

// The client itself holds what is structured against the schema of the tool.
test('a list is made, filled from a search, and read back', async () => {
  await agent.client.listTools();
  const found = await call(agent.client, 'walmartGrocery_search', { query: 'oat milk', limit: 2 });
  assert.deepEqual(JSON.parse(found.content[0].text), found.structuredContent);
  const [product] = found.structuredContent.products;
  const made = await call(agent.client, 'walmartGrocery_createList', { name: 'by an agent' });
  const listId = made.structuredContent.list.id;
  const items = [{ productId: product.productId, quantity: 2 }, { productId: 'no such thing' }];
  const added = await call(agent.client, 'walmartGrocery_addToList', { listId, items });
  assert.equal(added.structuredContent.added, 1);
  assert.equal(added.structuredContent.refused, 1);
  const read = await call(agent.client, 'walmartGrocery_getList', { listId });
  const [line] = read.structuredContent.list.items;
  assert.deepEqual([line.productId, line.quantity], [product.productId, 2]);
});

test('a tool that takes nothing is called without arguments', async () => {
  const pantry = await agent.client.callTool({ name: 'pantry_get' });
  assert.deepEqual(pantry.structuredContent, { items: [] });
});

test('a sentence becomes a plan, and its yes carries it out', async () => {
  const sentence = 'make a list called party';
  const asked = await call(agent.client, 'agent_ask', { sentence });
  const { plan, token } = asked.structuredContent;
  assert.ok(plan && token, asked.content[0].text);
  const done = await call(agent.client, 'agent_confirm', { token });
  assert.equal(done.structuredContent.done, true);
  const lists = await call(agent.client, 'walmartGrocery_getLists', {});
  assert.ok(lists.structuredContent.lists.some((list) => list.name === 'Party'));
});

test('bad arguments come back as a result that names each field', async () => {
  const args = { listId: 7, items: [{ quantity: 'many' }] };
  const said = await agent.client.callTool({ name: 'walmartGrocery_addToList', arguments: args });
  assert.equal(said.isError, true);
  assert.match(said.content[0].text, /^BAD_REQUEST: /);
  assert.match(said.content[0].text, /^- listId: .*string/m);
  assert.match(said.content[0].text, /^- items\.0\.quantity: /m);
});

test('what is not there is a result that says so', async () => {
  const args = { listId: 'nowhere' };
  const said = await agent.client.callTool({ name: 'walmartGrocery_getList', arguments: args });
  assert.equal(said.isError, true);
  assert.match(said.content[0].text, /^NOT_FOUND: .*nowhere/);
});

test('a tool that does not exist is an error of the protocol', async () => {
  await assert.rejects(agent.client.callTool({ name: 'auth_deleteAccount', arguments: {} }), {
    code: -32602,
    message: /Unknown tool: auth_deleteAccount/,
  });
});

test('many calls at once find their own answers', async () => {
  const queries = ['milk', 'bread', 'eggs', 'rice', 'tea', 'beans', 'cheese', 'apples'];
  const found = await Promise.all(
    queries.map((query) => call(agent.client, 'walmartGrocery_search', { query, limit: 1 })),
  );
  const alone = [];
  for (const query of queries) {
    alone.push(await call(agent.client, 'walmartGrocery_search', { query, limit: 1 }));
  }
  const ids = (answers) =>
    answers.flatMap((one) => one.structuredContent.products.map((product) => product.productId));
  assert.equal(new Set(ids(found)).size, queries.length);
  assert.deepEqual(ids(found), ids(alone));
});

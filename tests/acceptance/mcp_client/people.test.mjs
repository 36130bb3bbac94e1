// The unmodified client at a house that knows its people.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { call, connected } from './client.mjs';

const { READ_TOKEN, WRITE_TOKEN } = process.env;

test('who may change things sees every tool, and makes a list of their own', async () => {
  const { client } = await connected(WRITE_TOKEN);
  const { tools } = await client.listTools();
  assert.ok(tools.some((tool) => !tool.annotations.readOnlyHint));
  await call(client, 'walmartGrocery_createList', { name: 'mine' });
  const { structuredContent } = await call(client, 'walmartGrocery_getLists', {});
  assert.deepEqual(structuredContent.lists.map((list) => list.name), ['mine']);
  await client.close();
});

test('who may only read sees only what reads, and is told what the rest needs', async () => {
  const { client } = await connected(READ_TOKEN);
  const { tools } = await client.listTools();
  const names = tools.map((tool) => tool.name);
  assert.ok(names.includes('walmartGrocery_getLists'));
  assert.ok(!names.includes('walmartGrocery_createList'));
  const create = { name: 'walmartGrocery_createList', arguments: { name: 'x' } };
  const said = await client.callTool(create);
  assert.deepEqual([said.isError, said.content[0].text], [true, 'FORBIDDEN: This needs: write']);
  await client.close();
});

for (const [who, token] of [['nobody', undefined], ['a wrong token', 'mat_wrong']]) {
  test(`${who} does not even connect, and is told to sign in`, async () => {
    await assert.rejects(connected(token), (error) => {
      assert.match(String(error.message), /401|Unauthorized/i);
      return true;
    });
  });
}

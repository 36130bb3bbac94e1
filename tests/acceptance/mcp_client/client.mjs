// The unmodified client of the Model Context Protocol, and how these tests reach the house.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const require = createRequire(new URL('../../node/package.json', import.meta.url));
const from = (path) => import(pathToFileURL(require.resolve(`@modelcontextprotocol/sdk/${path}`)));
const { Client } = await from('client/index.js');
const { StreamableHTTPClientTransport } = await from('client/streamableHttp.js');

export const url = new URL(process.env.MCP_URL);

// A client that has said hello, as whoever the token stands for.
export async function connected(token) {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const transport = new StreamableHTTPClientTransport(url, { requestInit: { headers } });
  const client = new Client({ name: 'manciple-tests', version: '1.0.0' });
  const failures = [];
  client.onerror = (error) => failures.push(error);
  await client.connect(transport);
  return { client, transport, failures };
}

// What a tool said, where it went well.
export async function call(client, name, args) {
  const said = await client.callTool({ name, arguments: args });
  if (said.isError) throw new Error(said.content[0].text);
  return said;
}

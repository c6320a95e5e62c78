import assert from "node:assert/strict";
import { ECSClient, ListClustersCommand } from "@aws-sdk/client-ecs";
import { Api } from "../../../src/aws/api.ts";
import { connectionOptions, stubNetwork } from "./stub_network.ts";

const NEVER = new AbortController().signal;

Deno.test("change() has a connection to itself each time, and read() keeps one", async () => {
  const ports: number[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (_request, { remoteAddr }) => {
    ports.push(remoteAddr.port);
    return Response.json({}, { headers: { "x-amzn-requestid": "1" } });
  });
  using keeping = Deno.createHttpClient({});
  using closing = Deno.createHttpClient({ poolMaxIdlePerHost: 0 });
  const { requestHandler: _, ...options } = connectionOptions(stubNetwork());
  const fetchOptions = { ordinary: { client: keeping }, once: { client: closing } };
  const endpoint = `http://127.0.0.1:${server.addr.port}`;
  const api = new Api({ ...options, fetchOptions }, (config) => new ECSClient({ ...config, endpoint }));

  const read = () => api.read(new ListClustersCommand({}), NEVER, () => {});
  const change = () => api.change(new ListClustersCommand({}), "once", NEVER, () => {});
  for (const call of [read, read, change, change]) await call();

  const [first, second, third, fourth] = ports;
  assert.equal(first, second);
  assert.equal(new Set([first, third, fourth]).size, 3);
  await server.shutdown();
});

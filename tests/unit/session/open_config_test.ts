import assert from "node:assert/strict";
import type { Config } from "../../../src/config/load_config.ts";
import type { Permission } from "../../../src/host.ts";
import { narrowPermissions } from "../../../src/session/open_config.ts";
import { madeUpHost } from "../../made_up_host.ts";
import { VirtualClock } from "../../virtual_clock.ts";

Deno.test("narrowPermissions() gives up just what it returns", async () => {
  const { host } = madeUpHost({ args: [], clock: new VirtualClock(0), env: { HOME: "/home" }, exit: () => {} });
  const givenUp: Permission[] = [];
  const giveUp = (permissions: readonly Permission[]) => void givenUp.push(...permissions);
  const config: Config = {
    path: "ecspresso.yml",
    region: undefined,
    cluster: "default",
    service: "myservice",
    requireService: () => "myservice",
    timeoutMs: 0,
    serviceDefinition: undefined,
    taskDefinition: "task.jsonnet",
    plugins: [],
    codeDeploy: undefined,
    ignoredTags: [],
    unknownKeys: [],
  };
  assert.deepEqual(await narrowPermissions([config], { ...host, giveUp }, false, []), ["ffi", "write"]);
  assert.deepEqual(givenUp, ["ffi", "write"]);
});

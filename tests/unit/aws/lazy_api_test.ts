import assert from "node:assert/strict";
import { LazyApi } from "../../../src/aws/lazy_api.ts";
import type { SdkCommand } from "../../../src/aws/sdk_client.ts";
import { connectionOptions, failing, stubNetwork } from "./stub_network.ts";

const NEVER = new AbortController().signal;
const REFUSED = Object.assign(new Error("connect"), { code: "ECONNREFUSED" });

/** An API of which the answers come in order, each with the region that gave it. */
function connect(...answers: (string | Error)[]) {
  let loads = 0;
  const regions: unknown[] = [];
  const load = () => Promise.resolve(loads++);
  const api = new LazyApi(connectionOptions(stubNetwork()), load, () =>
    class {
      readonly config = {
        systemClockOffset: 0,
        credentials: () => Promise.resolve(),
        defaultUserAgentProvider: () => Promise.resolve(),
      };

      constructor(private readonly given: { readonly region?: string }) {}

      send(): Promise<unknown> {
        regions.push(this.given.region);
        const answer = answers.shift();
        return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
      }
    });
  const read = (region?: string) =>
    api.read(() => ({ schema: [, , "Op"] }) as unknown as SdkCommand<string>, NEVER, (answer) => answer, region);
  return { read, regions, loads: () => loads };
}

Deno.test("a lazy API opens one client a region, with the first call in it", async () => {
  const { read, regions, loads } = connect("1", "2", "3");
  assert.equal(loads(), 0);
  assert.deepEqual([await read(), await read("eu-west-1"), await read("eu-west-1")], ["1", "2", "3"]);
  assert.deepEqual(regions, ["ap-northeast-1", "eu-west-1", "eu-west-1"]);
  assert.equal(loads(), 2);
});

Deno.test("what AWS has answered in one region counts in all: trouble in another is survived", async () => {
  await assert.rejects(connect(REFUSED, "done").read(), failing("unreachable", "ECONNREFUSED"));
  const { read } = connect("1", REFUSED, "2");
  assert.deepEqual([await read(), await read("eu-west-1")], ["1", "2"]);
});

import assert from "node:assert/strict";
import { type MyService, myservice } from "../../emulator/myservice.ts";
import { countRoundTrips } from "../../round_trips.ts";

/** What somebody waits for whose service is down: each round trip in a row before the first write costs the way to AWS. */

const rollback = (...args: string[]) => ["rollback", "--no-wait", ...args];

const WORLDS: Readonly<Record<string, MyService>> = {
  "with tags that stay": {},
  "with a tag that has moved": { movingTag: "latest" },
  "with a tag that has moved, and revisions deployed again and again": {
    movingTag: "latest",
    history: [3, 4, 4, 3, 4],
  },
  "with many deployments": { history: Array.from({ length: 30 }, (_, index) => 1 + index % 4), afterLastMs: 600_000 },
};

for (const [title, world] of Object.entries(WORLDS)) {
  for (const [revision, limit] of [["3", 3], ["previous", 5]] as const) {
    Deno.test(`rollback --revision ${revision} ${title} writes after at most ${limit} round trips in a row`, async () => {
      const { reads, write, stderr } = await countRoundTrips(() => myservice(world), rollback("--revision", revision));
      const isPinned = world.movingTag !== undefined;
      assert.equal(write, isPinned ? "RegisterTaskDefinition" : "UpdateService", stderr);
      assert.ok(reads.length <= limit, reads.map((side) => side.join(", ")).join("\n"));
    });
  }
}

Deno.test("what was read more than a second ago is read again before the first write, and only then", async () => {
  // A copy is registered first, so that it is not the order alone that looks.
  const world = () => myservice({ movingTag: "latest" });
  const servicesRead = async (latencyMs: number) => {
    const { reads, write } = await countRoundTrips(world, rollback("--revision", "3"), latencyMs);
    assert.equal(write, "RegisterTaskDefinition");
    return reads.flat().filter((operation) => operation === "DescribeServices").length;
  };
  assert.deepEqual([await servicesRead(333), await servicesRead(334)], [1, 2]);
});

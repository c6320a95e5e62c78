import assert from "node:assert/strict";
import { ECSClient, ListClustersCommand } from "@aws-sdk/client-ecs";
import { explainRegion } from "../../../src/aws/call.ts";

/** What the SDK itself throws. */
async function askWith(region: string): Promise<unknown> {
  const client = new ECSClient({
    region: () => Promise.resolve(region),
    credentials: { accessKeyId: "a", secretAccessKey: "b" },
  });
  return await client.send(new ListClustersCommand({})).then(() => assert.fail("it was sent"), (error) => error);
}

Deno.test("explainRegion() tells what is wrong with the region of a profile, in the SDK's own cases", async () => {
  assert.match(
    explainRegion(await askWith("us_east_1"), undefined)!.message,
    /^what the AWS profile has as region is no region/,
  );
  assert.equal(explainRegion(await askWith("us_east_1"), "us_east_1"), undefined);
  assert.match(explainRegion(new Error("Region is missing"), undefined)!.message, /^no AWS region is set/);
  assert.equal(explainRegion(new Error("anything else"), undefined), undefined);
});

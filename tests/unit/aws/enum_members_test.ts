import assert from "node:assert/strict";
import { ENUM_MEMBERS } from "../../../src/aws/enum_members.ts";
import { ENUM_MEMBERS_FILE, writeEnumMembers } from "../../../tools/enum_members.ts";
import { tableOf } from "../../emulator/api/tables.ts";

Deno.test("src/aws knows each member with a fixed set of values that the SDK declares: deno task enums", async () => {
  assert.equal(await Deno.readTextFile(ENUM_MEMBERS_FILE), await writeEnumMembers());
});

/** Newer than the SDK: ECS gets what is written there. */
const NEWER = new Set(["TrustedExecutionConfiguration.isolationMode"]);

Deno.test("src/aws knows each member with a fixed set of values that AWS's model has in both definitions", () => {
  const { shapes } = tableOf("ecs");
  const pending = ["RegisterTaskDefinitionRequest", "CreateServiceRequest", "UpdateServiceRequest"];
  const seen = new Set<string>();
  let found = 0;
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    const { members = {}, member, value } = shapes[name]!;
    pending.push(...Object.values(members), ...(member === undefined ? [] : [member]), ...(value ? [value] : []));
    for (const [own, shape] of Object.entries(members)) {
      if (shapes[shape]?.enum === undefined || NEWER.has(`${name}.${own}`)) continue;
      found++;
      assert.ok(ENUM_MEMBERS[name]?.includes(own), `${name}.${own}`);
    }
  }
  assert.equal(found, Object.values(ENUM_MEMBERS).flat().length);
});

import assert from "node:assert/strict";
import { ENUM_MEMBERS_FILE, writeEnumMembers } from "../../../tools/enum_members.ts";

Deno.test("src/aws knows each member with a fixed set of values that the SDK declares: deno task enums", async () => {
  assert.equal(await Deno.readTextFile(ENUM_MEMBERS_FILE), await writeEnumMembers());
});

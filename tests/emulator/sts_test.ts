import assert from "node:assert/strict";
import { type Answer, Emulator } from "./emulator.ts";
import { accessDenied, expiredToken } from "./faults.ts";

const ROLE = "arn:aws:iam::123456789012:role/ci/deploy";
const ACCOUNT = "arn:aws:iam::123456789012:root";
const HOUR_MS = 3_600_000;

/** Asks STS as its clients do. */
function assumeRole(emulator: Emulator, form: Record<string, string> = {}): Answer {
  const members = { Action: "AssumeRole", Version: "2011-06-15", RoleArn: ROLE, RoleSessionName: "ci", ...form };
  const answer = emulator.handle({ target: "", body: new URLSearchParams(members).toString() });
  assert.ok(!("drop" in answer));
  return answer;
}

/** The text of the first element of that name. */
const textOf = (body: string, name: string) => new RegExp(`<${name}>(.*?)</${name}>`).exec(body)?.[1];

function withRole(): Emulator {
  const emulator = new Emulator();
  emulator.setRole(ROLE, ACCOUNT);
  return emulator;
}

/** Asks ECS, signed with an access key and, where one is given, with a session's token. */
function listServices(emulator: Emulator, accessKeyId: string, securityToken?: string): string {
  const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20230101/ap-northeast-1/ecs/aws4_request, ` +
    "SignedHeaders=host, Signature=0";
  const target = "AmazonEC2ContainerServiceV20141113.ListServices";
  emulator.handle({ target, body: "{}", authorization, ...(securityToken !== undefined && { securityToken }) });
  const { signedBy, outcome } = emulator.calls.at(-1)!;
  assert.equal(signedBy, accessKeyId);
  return outcome;
}

Deno.test("AssumeRole issues credentials for a role that the caller's account may assume", () => {
  const emulator = withRole();
  const { status, body } = assumeRole(emulator);
  assert.equal(status, 200);
  assert.match(
    body,
    /^<\?xml [^\n]*\n<AssumeRoleResponse xmlns="https:\/\/sts\.[^"]+\/2011-06-15\/"><AssumeRoleResult>/,
  );
  assert.match(textOf(body, "AccessKeyId") ?? "", /^ASIA[0-9A-F]{16}$/);
  assert.equal(textOf(body, "Arn"), "arn:aws:sts::123456789012:assumed-role/deploy/ci");
  assert.equal(Date.parse(textOf(body, "Expiration") ?? ""), emulator.now() + HOUR_MS);
  const shorter = assumeRole(emulator, { DurationSeconds: "900" }).body;
  assert.equal(Date.parse(textOf(shorter, "Expiration") ?? ""), emulator.now() + 900_000);
  assert.notEqual(textOf(shorter, "AccessKeyId"), textOf(body, "AccessKeyId"));
  assert.deepEqual(emulator.calls[0], {
    service: "sts",
    operation: "AssumeRole",
    input: { RoleArn: ROLE, RoleSessionName: "ci" },
    atMs: emulator.now(),
    applied: true,
    outcome: "ok",
  });
});

Deno.test("AssumeRole says the same of a role that is not there and of one that trusts somebody else", () => {
  const emulator = withRole();
  emulator.setRole("arn:aws:iam::123456789012:role/task");
  for (const RoleArn of ["arn:aws:iam::123456789012:role/none", "arn:aws:iam::123456789012:role/task", `${ROLE}x`]) {
    const { status, body } = assumeRole(emulator, { RoleArn });
    assert.deepEqual([status, textOf(body, "Code")], [403, "AccessDenied"]);
    assert.ok(
      textOf(body, "Message")?.endsWith(`is not authorized to perform: sts:AssumeRole on resource: ${RoleArn}`),
    );
  }
});

Deno.test("GetCallerIdentity has the account, whatever a policy says", () => {
  const emulator = withRole();
  emulator.authorize({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "ecs:*", Resource: "*" }] });
  const answer = emulator.handle({ target: "", body: "Action=GetCallerIdentity&Version=2011-06-15" });
  assert.ok(!("drop" in answer));
  assert.deepEqual([answer.status, textOf(answer.body, "Account")], [200, "123456789012"]);
});

Deno.test("AssumeRole refuses what is no session's name, or too long", () => {
  const strange: Record<string, string>[] = [
    { RoleSessionName: "a b" },
    { RoleSessionName: "a" },
    { RoleSessionName: "" },
    { DurationSeconds: "3601" },
    { DurationSeconds: "899" },
  ];
  for (const form of strange) {
    const { status, body } = assumeRole(withRole(), form);
    assert.deepEqual([status, textOf(body, "Code")], [400, "ValidationError"], JSON.stringify(form));
  }
});

Deno.test("faults and policies hit AssumeRole in the words of STS", () => {
  const emulator = withRole();
  emulator.inject({ operation: "AssumeRole", effect: expiredToken() });
  emulator.inject({ operation: "AssumeRole", nth: 2, effect: accessDenied("sts", ROLE) });
  const codes = [assumeRole(emulator), assumeRole(emulator)].map(({ body }) => textOf(body, "Code"));
  assert.deepEqual(codes, ["ExpiredToken", "AccessDenied"]);
  const Statement = [{ Effect: "Allow", Action: "sts:AssumeRole", Resource: ROLE }] as const;
  emulator.authorize({ Version: "2012-10-17", Statement });
  assert.equal(assumeRole(emulator).status, 200);
  emulator.authorize({ Version: "2012-10-17", Statement: [{ ...Statement[0], Resource: `${ROLE}x` }] });
  assert.equal(textOf(assumeRole(emulator).body, "Code"), "AccessDenied");
});

Deno.test("issued credentials are good with their token only, and until they expire; others are not looked at", () => {
  const emulator = withRole();
  const { body } = assumeRole(emulator);
  const [key, token] = [textOf(body, "AccessKeyId")!, textOf(body, "SessionToken")!];
  assert.equal(listServices(emulator, key, token), "ok");
  assert.equal(listServices(emulator, "AKIDEXAMPLE"), "ok");
  assert.equal(listServices(emulator, key), "UnrecognizedClientException");
  assert.equal(listServices(emulator, key, `${token}x`), "UnrecognizedClientException");
  emulator.advance(HOUR_MS - 1);
  assert.equal(listServices(emulator, key, token), "ok");
  emulator.advance(1);
  assert.equal(listServices(emulator, key, token), "ExpiredTokenException");
});

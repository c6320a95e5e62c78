import assert from "node:assert/strict";
import type { ConnectionOptions } from "../../../src/aws/connection.ts";
import { connectEcs } from "../../../src/aws/ecs.ts";
import { RoleSession } from "../../../src/aws/role.ts";
import { AwsError } from "../../../src/errors.ts";
import type { AwsErrorKind } from "../../../src/problems/aws_failure.ts";
import { Emulator } from "../../emulator/emulator.ts";
import {
  accessDenied,
  actBefore,
  answerWith,
  dropBefore,
  expiredToken,
  type FaultEffect,
  halfSent,
  serverError,
  throttle,
} from "../../emulator/faults.ts";
import { DEPLOY_ROLE, myservice } from "../../emulator/myservice.ts";
import { emulatorHandler } from "../../in_process.ts";
import { VirtualClock } from "../../virtual_clock.ts";
import { connectionOptions, stubNetwork } from "./stub_network.ts";
import { wordsOf } from "../../in_words.ts";

const NEVER = new AbortController().signal;
const MINUTE_MS = 60_000;
const REF = { cluster: "default", service: "myservice", region: undefined };

function open(emulator = myservice(), { arn = DEPLOY_ROLE, service = "myservice" } = {}) {
  const clock = new VirtualClock(emulator.now(), (ms) => emulator.advance(ms));
  const options: ConnectionOptions = {
    ...connectionOptions(stubNetwork({ body: {} })),
    clock,
    requestHandler: emulatorHandler(emulator),
  };
  return { role: new RoleSession(arn, service, options), options, clock, emulator };
}

function asked(emulator: Emulator) {
  return emulator.calls.filter(({ operation }) => operation === "AssumeRole");
}

async function errorOf(answer: Promise<unknown>): Promise<AwsError> {
  const error = await answer.then(() => undefined, (error) => error);
  assert.ok(error instanceof AwsError, String(error));
  return error;
}

Deno.test("a role is assumed once, however many calls wait for it", async () => {
  const { role, emulator } = open();
  await Promise.all([role.renew(NEVER), role.renew(NEVER), role.renew(new AbortController().signal)]);
  await role.renew(NEVER);
  assert.deepEqual(asked(emulator).map(({ input }) => input), [
    { RoleArn: DEPLOY_ROLE, RoleSessionName: "ecspresso-myservice" },
  ]);
});

Deno.test("the session's name is one that STS takes, whatever the service is called", async () => {
  const names: Record<string, string> = {
    "arn:aws:ecs:eu-west-1:123456789012:service/default/web": "ecspresso-web",
    ["a".repeat(255)]: `ecspresso-${"a".repeat(54)}`,
    "not a name": "ecspresso-not-a-name",
  };
  for (const [service, name] of Object.entries(names)) {
    const { role, emulator } = open(myservice(), { service });
    await role.renew(NEVER);
    assert.equal(asked(emulator)[0]?.input?.RoleSessionName, name);
  }
});

Deno.test("a role is renewed in time after the clock was set back, and after the machine has slept", async () => {
  const setBack = open();
  await setBack.role.renew(NEVER);
  setBack.clock.setBy(-60 * MINUTE_MS);
  setBack.clock.advance(55 * MINUTE_MS);
  await setBack.role.renew(NEVER);
  assert.equal(asked(setBack.emulator).length, 2);
  const asleep = open();
  await asleep.role.renew(NEVER);
  // What passes during sleep shows on the wall clock only.
  asleep.clock.setBy(55 * MINUTE_MS);
  await asleep.role.renew(NEVER);
  await asleep.role.renew(NEVER);
  assert.equal(asked(asleep.emulator).length, 2);
});

Deno.test("the role is assumed again five minutes before its session ends, and the clients that there are sign with it", async () => {
  const { role, options, clock, emulator } = open();
  const ecs = connectEcs({ ...options, role });
  for (const passedMs of [0, 54 * MINUTE_MS, MINUTE_MS, 0]) {
    clock.advance(passedMs);
    assert.ok(await ecs.describeService(REF, NEVER));
  }
  // Whose keys the caller has is up to the process, which other tests share.
  const keys = emulator.calls.map(({ signedBy }) => signedBy?.startsWith("ASIA") ? signedBy : "caller");
  const [, first, , , second] = keys;
  assert.deepEqual(keys, ["caller", first, first, "caller", second, second]);
  assert.equal(new Set(keys).size, 3);
  assert.deepEqual(emulator.calls.map(({ operation }) => operation), [
    ...["AssumeRole", "DescribeServices", "DescribeServices"],
    ...["AssumeRole", "DescribeServices", "DescribeServices"],
  ]);
  assert.deepEqual(emulator.calls.map(({ outcome }) => outcome), Array(6).fill("ok"));
});

Deno.test("a call does not end with the one that has asked for the role", async () => {
  const { role, emulator } = open();
  const asker = new AbortController();
  emulator.inject({ operation: "AssumeRole", effect: actBefore(() => asker.abort()) });
  emulator.inject({ operation: "AssumeRole", effect: dropBefore() });
  const [first, second] = [role.renew(asker.signal), role.renew(NEVER)];
  await errorOf(first);
  await second;
  assert.deepEqual(asked(emulator).map(({ outcome }) => outcome), ["dropped", "ok"]);
});

Deno.test("waiting for a role that STS does not answer ends with the call, and else in seconds", async () => {
  const { options, clock } = open();
  const requestHandler = { ...emulatorHandler(myservice()), handle: () => new Promise<never>(() => {}) };
  const silent = () => new RoleSession(DEPLOY_ROLE, "myservice", { ...options, requestHandler });
  const stop = new AbortController();
  const stopped = errorOf(silent().renew(stop.signal));
  setTimeout(() => stop.abort());
  assert.equal((await stopped).kind, "unreachable");

  const startedAtMs = clock.now();
  const timer = setInterval(() => clock.advance(1_000));
  const error = await errorOf(silent().renew(NEVER)).finally(() => clearInterval(timer));
  assert.match(wordsOf(error), /^AssumeRole of arn:\S+ failed: AnswerLost: no answer came in time/);
  assert.ok(clock.now() - startedAtMs < 15_000);
});

const FAILURES: readonly [FaultEffect, AwsErrorKind, string][] = [
  [accessDenied("sts", DEPLOY_ROLE), "credentials", "AccessDenied"],
  [expiredToken(), "credentials", "ExpiredToken"],
  [answerWith("InvalidClientTokenId", "Invalid.", 403), "credentials", "InvalidClientTokenId"],
  [answerWith("SignatureDoesNotMatch", "No.", 403), "credentials", "SignatureDoesNotMatch"],
  [answerWith("RegionDisabledException", "Not here.", 403), "rejected", "RegionDisabledException"],
  [throttle(), "throttled", "Throttling"],
  // The call that was to be made has not been sent: it cannot have been applied.
  [serverError(), "unreachable", "ServiceFailure"],
  [dropBefore(), "unreachable", "ECONNRESET"],
  [halfSent(), "unreachable", "Error"],
];
for (const [effect, kind, code] of FAILURES) {
  Deno.test(`a call is not made where AssumeRole ends in ${code}, which is ${kind}`, async () => {
    const { role, options, emulator, clock } = open();
    emulator.inject({ operation: "AssumeRole", times: Infinity, effect });
    const timeout = clock.deadline(10 * MINUTE_MS);
    const error = await errorOf(connectEcs({ ...options, role }).describeService(REF, timeout));
    assert.deepEqual([error.operation, error.role], ["AssumeRole", DEPLOY_ROLE]);
    assert.deepEqual([error.kind, error.code], [kind, code]);
    assert.equal(asked(emulator).length, emulator.calls.length);
    assert.doesNotMatch(wordsOf(error), /ASIA|secret|token\+/);
  });
}

Deno.test("AssumeRole is sent again where that may help", async () => {
  const { role, emulator } = open();
  emulator.inject({ operation: "AssumeRole", effect: throttle() });
  emulator.inject({ operation: "AssumeRole", nth: 2, effect: serverError() });
  emulator.inject({ operation: "AssumeRole", nth: 3, effect: dropBefore() });
  await role.renew(NEVER);
  assert.deepEqual(asked(emulator).map(({ outcome }) => outcome), ["Throttling", "ServiceFailure", "dropped", "ok"]);
});

import assert from "node:assert/strict";
import type { Emulator } from "../emulator/emulator.ts";
import { redirect } from "../emulator/foreign_answers.ts";
import { DEPLOY_ROLE, myservice } from "../emulator/myservice.ts";
import { type Ended, runCli, withServer } from "./cli_process.ts";

/** A redirect leads elsewhere: with the session token, and with the order, if it were followed. */

const WITH_STATE = {
  "ecspresso.yml": "region: ap-northeast-1\ncluster: default\nservice: myservice\ntask_definition: taskdef.json\n" +
    "plugins:\n  - name: tfstate\n    config:\n      url: s3://states/terraform.tfstate\n",
  "taskdef.json": '{"family": "{{ tfstate `output.name` }}"}',
};

interface Scene {
  readonly operation: string | readonly string[];
  readonly args: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
  /** AWS has carried the call out all the same. */
  readonly applied?: true;
  readonly code: number;
  readonly says: RegExp;
}

const NOT_FOLLOWED =
  /HTTP 307 from 127\.0\.0\.1:\d+ \(portal\) to http:\/\/127\.0\.0\.1:\d+, not from AWS: a proxy or portal\?/;

const SCENES: Readonly<Record<string, Scene>> = {
  "of the first call": {
    // Both are sent at once.
    operation: ["DescribeServices", "ListServiceDeployments"],
    args: ["rollback", "--revision", "3"],
    code: 5,
    says: NOT_FOLLOWED,
  },
  "of the order, which ECS has taken": {
    operation: "UpdateService",
    args: ["rollback", "--revision", "3"],
    applied: true,
    code: 0,
    says: NOT_FOLLOWED,
  },
  "of AWS STS": {
    operation: "AssumeRole",
    args: ["--assume-role-arn", DEPLOY_ROLE, "rollback", "--revision", "3"],
    code: 5,
    says: NOT_FOLLOWED,
  },
  "of a state in S3": {
    operation: "GetObject",
    args: ["render", "taskdef"],
    files: WITH_STATE,
    code: 5,
    says: NOT_FOLLOWED,
  },
};

for (const [name, { operation, args, files, applied = false, code, says }] of Object.entries(SCENES)) {
  Deno.test(`no redirect is followed: ${name}`, async () => {
    const emulator = myservice();
    const { ended, cameElsewhere } = await runWithPortal(
      emulator,
      (location) => {
        emulator.inject({ operation, times: Infinity, effect: redirect(location, 307, { applied }) });
      },
      args,
      files,
    );
    assert.deepEqual(cameElsewhere, []);
    assert.equal(ended.code, code, ended.stderr);
    assert.match(ended.stderr, says);
    const updates = emulator.calls.filter((call) => call.operation === "UpdateService");
    assert.equal(updates.length, operation === "UpdateService" ? 1 : 0);
  });
}

/** Runs a command line while another server takes note of all that comes to it. */
async function runWithPortal(
  emulator: Emulator,
  misbehave: (location: string) => void,
  args: readonly string[],
  files: Readonly<Record<string, string>> | undefined,
): Promise<{ ended: Ended; cameElsewhere: string[] }> {
  const cameElsewhere: string[] = [];
  const portal = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    const body = await request.text();
    cameElsewhere.push(`${request.method} ${request.headers.get("x-amz-security-token")} ${body}`);
    return new Response("{}");
  });
  try {
    misbehave(`http://127.0.0.1:${portal.addr.port}/login?from=aws`);
    let ended: Ended | undefined;
    await withServer(emulator, async ({ url }) => {
      ended = await runCli(url, args, { ...(files && { files }), env: { AWS_SESSION_TOKEN: "a-session-token" } });
    }, 200);
    return { ended: ended!, cameElsewhere };
  } finally {
    await portal.shutdown();
  }
}

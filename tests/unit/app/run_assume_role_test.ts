import assert from "node:assert/strict";
import { slowDrain } from "../../emulator/behaviours.ts";
import type { Emulator } from "../../emulator/emulator.ts";
import { accessDenied, expiredToken } from "../../emulator/faults.ts";
import { DEPLOY_ROLE, myservice, RESOURCE_ID } from "../../emulator/myservice.ts";
import { DEFINITION_FILES } from "../../definition_files.ts";
import { CONFIG_FILES, runInProcess, type RunOptions } from "../../in_process.ts";

/** In whose name AWS is called with `--assume-role-arn`, by every command. */

/** The access keys of temporary credentials begin so: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html */
const ISSUED = /^ASIA/;

function inRole(emulator: Emulator, line: string, options?: RunOptions) {
  return runInProcess(emulator, ["--assume-role-arn", DEPLOY_ROLE, ...line.split(" ")], options);
}

const LOOKUPS = {
  "ecspresso.yml": `${CONFIG_FILES["ecspresso.yml"]}task_definition: ecs-task-def.json
plugins: [{ name: tfstate, config: { url: "s3://states/prod.tfstate" } }, { name: cloudformation }]
`,
  "ecs-task-def.json": `{
    "family": "{{ ssm \`/family\` }}",
    "taskRoleArn": "{{ tfstate \`aws_iam_role.a.arn\` }}",
    "cpu": "{{ cfn_output \`sizes\` \`Cpu\` }}",
    "memory": "{{ cfn_export \`sizes-memory\` }}",
    "containerDefinitions": [{ "name": "app", "image": "{{ secretsmanager_arn \`myservice/api_key\` }}" }]
  }`,
};

function withLookups(emulator: Emulator): Emulator {
  const attributes = { arn: "arn:aws:iam::123456789012:role/a" };
  const resources = [{ mode: "managed", type: "aws_iam_role", name: "a", instances: [{ attributes }] }];
  emulator.setParameter("/family", "myservice");
  emulator.setStack("sizes", { Cpu: "256", Memory: "512" }, { Memory: "sizes-memory" });
  emulator.setObject("states", "prod.tfstate", JSON.stringify({ version: 4, resources }));
  return emulator;
}

function scaled(emulator: Emulator): Emulator {
  emulator.registerScalableTarget({ ResourceId: RESOURCE_ID, MinCapacity: 1, MaxCapacity: 4 });
  return emulator;
}

const RUNS: readonly { line: string; world: () => Emulator; options?: RunOptions; services: readonly string[] }[] = [
  {
    line: "rollback --revision 3 --suspend-auto-scaling --resume-auto-scaling",
    world: () => scaled(myservice()),
    services: ["autoscaling", "ecr", "ecs", "iam", "secretsmanager"],
  },
  {
    line: "deploy",
    world: myservice,
    options: { files: DEFINITION_FILES, env: { TAG: "1.4.0" } },
    services: ["ecs"],
  },
  {
    line: "verify --revision 3",
    world: () => {
      const emulator = myservice();
      emulator.setParameter("/myservice/tag", "v1");
      return emulator;
    },
    services: ["ecr", "ecs", "iam", "secretsmanager"],
  },
  {
    line: "verify",
    world: () => {
      const emulator = myservice();
      emulator.setParameter("/tag", "v1");
      return emulator;
    },
    options: {
      files: {
        ...CONFIG_FILES,
        "ecspresso.yml": `${CONFIG_FILES["ecspresso.yml"]}task_definition: ecs-task-def.json\n`,
        "ecs-task-def.json": JSON.stringify({
          family: "myservice",
          containerDefinitions: [{ name: "app", image: "nginx:1", secrets: [{ name: "TAG", valueFrom: "/tag" }] }],
        }),
      },
    },
    services: ["ssm"],
  },
  {
    line: "render taskdef",
    world: () => withLookups(myservice()),
    options: { files: LOOKUPS },
    services: ["cloudformation", "s3", "secretsmanager", "ssm"],
  },
];

for (const { line, world, options, services } of RUNS) {
  Deno.test(`"${line}" calls ${services.join(", ")} in the role, which it assumes once`, async () => {
    const emulator = world();
    const { code, stderr } = await inRole(emulator, line, options);
    assert.equal(code, 0, stderr);
    const [first, ...others] = emulator.calls;
    assert.equal(first?.operation, "AssumeRole");
    assert.doesNotMatch(first?.signedBy ?? "", ISSUED);
    assert.deepEqual([...new Set(others.map(({ service }) => service))].toSorted(), services);
    const keys = new Set(others.map(({ signedBy }) => signedBy));
    assert.equal(keys.size, 1);
    assert.match([...keys][0] ?? "", ISSUED);
    assert.doesNotMatch(others.map(({ outcome }) => outcome).join(" "), /Unrecognized|Invalid|Expired/);
  });
}

Deno.test("without the option nobody is asked for a role, and the variable stands for it", async () => {
  const without = myservice();
  assert.equal((await runInProcess(without, ["status"])).code, 0);
  assert.ok(without.calls.every(({ signedBy = "" }) => signedBy !== "" && !ISSUED.test(signedBy)));
  const by = myservice();
  const { code } = await runInProcess(by, ["status"], { env: { ECSPRESSO_ASSUME_ROLE_ARN: DEPLOY_ROLE } });
  assert.deepEqual([code, by.calls[0]?.operation], [0, "AssumeRole"]);
});

Deno.test("a rollback of two hours assumes the role again, and is not refused once", async () => {
  const emulator = myservice({ behaviours: { 4: slowDrain(7_200_000) } });
  const { code, stderr } = await inRole(emulator, "rollback --revision 3 --timeout 3h");
  assert.equal(code, 0, stderr);
  assert.equal(emulator.calls.filter(({ operation }) => operation === "AssumeRole").length, 3);
  assert.deepEqual([...new Set(emulator.calls.map(({ outcome }) => outcome))], ["ok"]);
});

Deno.test("a role that is lost during a rollback ends it by its name, and says what is under way", async () => {
  const emulator = myservice({ behaviours: { 4: slowDrain(7_200_000) } });
  emulator.inject({ operation: "AssumeRole", nth: 2, times: Infinity, effect: expiredToken() });
  const { code, stderr } = await inRole(emulator, "rollback --revision 3 --timeout 3h");
  assert.equal(code, 5);
  assert.match(stderr, /\[error\] \S+ AssumeRole of arn:\S+\/deploy-myservice failed: ExpiredToken/);
});

Deno.test("a role that cannot be assumed ends every command before anything is changed or known", async () => {
  for (
    const line of [
      "rollback --revision 3",
      "deploy",
      "wait",
      "status",
      "verify",
      "verify --revision 3",
      "diff",
      "register",
    ]
  ) {
    const emulator = myservice();
    const before = emulator.state();
    emulator.inject({ operation: "AssumeRole", times: Infinity, effect: accessDenied("sts", DEPLOY_ROLE) });
    const { code, stdout, stderr } = await inRole(emulator, line, { files: DEFINITION_FILES, env: { TAG: "1.4.0" } });
    assert.deepEqual([code, stdout, emulator.calls.length], [5, "", 1], `${line}: ${stderr}`);
    assert.match(
      stderr,
      /AssumeRole of arn:\S+ failed: AccessDenied: .*\n.*the missing IAM statement: .*sts:AssumeRole/,
    );
    assert.deepEqual(emulator.state(), before);
  }
});

Deno.test("the log names the call, and nothing of what it answers", async () => {
  const { stdout, stderr } = await inRole(myservice(), "rollback --revision 3 --debug");
  assert.match(stderr, /\[debug\] \S+ AssumeRole attempt 1: ok in \d+ ms\n/);
  assert.doesNotMatch(stdout + stderr, /ASIA|secret\/|token\+/);
});

Deno.test("what is left to be typed is to be typed in the same role", async () => {
  const { stderr } = await inRole(myservice(), "rollback --revision 3", {
    stopAfterCalls: { calls: 15, signal: "SIGINT" },
  });
  assert.match(stderr, new RegExp(`ecspresso wait --assume-role-arn ${DEPLOY_ROLE}`));
});

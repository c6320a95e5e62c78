import assert from "node:assert/strict";
import { hasProc, MIB, runBounded, withAnswer } from "./bounded.ts";
import { CONFIG } from "./cli_process.ts";

/** Files that nobody wants to hold, and the line that refuses each. */
const FILES: readonly {
  readonly what: string;
  readonly args: readonly string[];
  /** Made in the folder that the text `FOLDER` in the others stands for. */
  readonly make?: Readonly<Record<string, () => string>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly refusal: RegExp;
}[] = [
  {
    what: "an envfile without an end",
    args: ["status", "--envfile=/dev/zero"],
    refusal: /\/dev\/zero: cannot be read: it is more than 64 MiB/,
  },
  {
    what: "an envfile of 65 MiB",
    args: ["status", "--envfile=FOLDER/env"],
    make: { env: () => "A=1\n".repeat(65 * MIB / 4) },
    refusal: /env: cannot be read: it is 65 MiB large, which is more than 64 MiB/,
  },
  {
    what: "an envfile of 60 MiB of empty lines",
    args: ["status", "--envfile=FOLDER/env"],
    make: { env: () => "\n".repeat(60 * MIB) },
    refusal: /env: is too large for an envfile: 62,914,560 characters, of at most 1,000,000/,
  },
  {
    what: "a state of 60 MiB of empty objects",
    args: ["render", "config", "taskdef"],
    make: { state: () => `{"version":4,"resources":[${"{},".repeat(20 * MIB)}{}]}` },
    refusal: /state is refused: its 60 MiB hold more values than a Terraform state does/,
  },
  {
    what: "a state of 60 MiB of brackets",
    args: ["render", "config", "taskdef"],
    make: { state: () => "[".repeat(60 * MIB) },
    refusal: /state is refused: its 60 MiB hold more values/,
  },
  {
    what: "45 MiB of certificates",
    args: ["status"],
    make: { ca: () => `-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n`.repeat(45 * MIB / 59) },
    files: CONFIG,
    env: { AWS_CA_BUNDLE: "FOLDER/ca" },
    refusal:
      /ca: is too large for a file of certificates \(AWS_CA_BUNDLE names it\): \S+ characters, of at most 4,000,000/,
  },
  {
    what: "45 MiB of AWS profiles, beside keys",
    args: ["status"],
    make: { aws: () => "[profile a]\nregion=x\n".repeat(45 * MIB / 21) },
    files: CONFIG,
    env: { AWS_CONFIG_FILE: "FOLDER/aws" },
    refusal: /aws: is too large for a file with AWS profiles: \S+ characters, of at most 4,000,000/,
  },
  {
    what: "65 MiB of AWS profiles",
    args: ["status"],
    make: { aws: () => "[profile a]\nregion=x\n".repeat(65 * MIB / 21) },
    files: CONFIG,
    env: { AWS_CONFIG_FILE: "FOLDER/aws", AWS_ACCESS_KEY_ID: "" },
    refusal: /aws: cannot be read: it is 65 MiB large, which is more than 64 MiB/,
  },
  {
    what: "templates that double what they have",
    args: ["status"],
    files: { "ecspresso.yml": "{{ $a := `\\` }}" + "{{ $a = json_escape $a }}".repeat(60) + "service: {{ $a }}\n" },
    refusal: /ecspresso\.yml:1:\d+: json_escape \$a: its value is too large/,
  },
  {
    what: "aliases that double what they name",
    args: ["status"],
    files: {
      "ecspresso.yml": `service: myservice\na0: &a0 [x, x]\n${
        Array.from({ length: 60 }, (_, n) => `a${n + 1}: &a${n + 1} [*a${n}, *a${n}]\n`).join("")
      }plugins: *a60\n`,
    },
    refusal: /ecspresso\.yml:\d+:\d+: /,
  },
];

for (const { what, args, make = {}, files, env = {}, refusal } of FILES) {
  Deno.test({
    name: `files: ${what}`,
    ignore: !hasProc,
    fn: async () => {
      const folder = await Deno.makeTempDir({ prefix: "ecspresso-bounds-" });
      try {
        for (const [name, text] of Object.entries(make)) await Deno.writeTextFile(`${folder}/${name}`, text());
        const { code, stderr } = await runBounded(
          "http://127.0.0.1:9",
          args.map((arg) => arg.replace("FOLDER", folder)),
          {
            files: files ?? configWithState(`path: ${folder}/state`),
            env: Object.fromEntries(
              Object.entries(env).map(([name, value]) => [name, value.replace("FOLDER", folder)]),
            ),
          },
        );
        assert.equal(code, 3, stderr);
        assert.match(stderr, refusal);
        assert.equal(stderr.trimEnd().split("\n").length, 1, stderr);
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}

function configWithState(place: string): Record<string, string> {
  return {
    "ecspresso.yml":
      `region: ap-northeast-1\nservice: myservice\ntask_definition: t.json\nplugins: [{name: tfstate, config: {${place}}}]\n`,
    "t.json":
      '{"family": "myservice", "containerDefinitions": [{"name": "{{ tfstate `output.name` }}", "image": "a"}]}',
  };
}

/** A state of some 60 MiB, with the output `name`. */
function largeState(): string {
  const resource = (n: number) =>
    JSON.stringify({
      mode: "managed",
      type: "aws_ecs_service",
      name: `service${n}`,
      instances: [{
        schema_version: 1,
        attributes: {
          arn: `arn:aws:ecs:ap-northeast-1:123456789012:service/default/service${n}`,
          id: `i-${n}`,
          desired_count: 3,
          tags: { Name: `サービス${n}` },
          network_configuration: [{ subnets: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"] }],
          timeouts: null,
        },
      }],
    });
  const resources = Array.from({ length: 60 * MIB / 400 }, (_, n) => resource(n)).join(",\n");
  return `{"version":4,"outputs":{"name":{"value":"app","type":"string"}},"resources":[${resources}]}`;
}

Deno.test({
  name: "a state of 60 MiB that is one is read from S3, which takes more memory than a file does",
  ignore: !hasProc,
  fn: async () => {
    const state = largeState();
    await withAnswer(() => new Response(state, { headers: { "x-amz-request-id": "1" } }), async (url) => {
      const files = configWithState("url: s3://bucket/state");
      const { code, stdout, stderr } = await runBounded(url, ["render", "taskdef"], { files });
      assert.equal(code, 0, stderr);
      assert.match(stdout, /"name": "app"/);
    });
  },
});

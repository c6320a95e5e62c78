import assert from "node:assert/strict";
import { dirname } from "node:path";
import { DEFINITION_FILES } from "../definition_files.ts";
import type { Emulator } from "../emulator/emulator.ts";
import { createScenario } from "../emulator/scenarios.ts";
import { hasJsonnet } from "../unit/config/jsonnet/real_jsonnet.ts";
import { programUnderTest, variables, withServer } from "./cli_process.ts";
import { OUTSIDE, type Places, type Planted, type Power, script, SECRET } from "./planted.ts";
import { POWERS } from "./trust_powers.ts";

/** docs/trust.md, row by row: each power is real, and --untrusted takes it away. */

/** Links and scripts as they are planted here are no matter of Windows. */
const ignore = Deno.build.os === "windows";

const LONGEST_RUN_MS = 60_000;

interface Tried {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** What has come true. */
  readonly signs: readonly string[];
}

function fill(emulator: Emulator): Emulator {
  emulator.setParameter("/myservice/secret", SECRET);
  emulator.setSecret(SECRET, "value");
  emulator.setStack("network", { Secret: SECRET });
  emulator.setObject("states", "terraform.tfstate", OUTSIDE["terraform.tfstate"]!);
  return emulator;
}

async function write(folder: string, files: Planted["files"]): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await Deno.mkdir(dirname(`${folder}/${name}`), { recursive: true });
    await Deno.writeTextFile(`${folder}/${name}`, text);
  }
}

/** Deno makes links only where it may write everywhere, which the tests may not. */
async function link(target: string, path: string): Promise<void> {
  const { success } = await new Deno.Command("ln", { args: ["-s", target, path] }).output();
  assert.ok(success, path);
}

async function withPlaces(test: (places: Places, caught: string[]) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "ecspresso-trust-" });
  const caught: string[] = [];
  const catcher = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    caught.push(request.url);
    return new Response('{"__type":"ClientException"}', { status: 400 });
  });
  try {
    const places = {
      checkout: `${folder}/checkout`,
      outside: `${folder}/outside`,
      catcher: `http://127.0.0.1:${catcher.addr.port}`,
      trace: `${folder}/trace`,
    };
    await write(places.outside, OUTSIDE);
    await Deno.mkdir(places.checkout);
    await test(places, caught);
  } finally {
    await catcher.shutdown();
    await Deno.remove(folder, { recursive: true });
  }
}

async function tryPower({ plant }: Power, more: readonly string[]): Promise<Tried> {
  const emulator = fill(createScenario("healthy"));
  let tried: Tried | undefined;
  await withPlaces(async (places, caught) => {
    const { files, executable = [], links = {}, env = {}, args } = plant(places);
    await write(places.checkout, files);
    for (const name of executable) await Deno.chmod(`${places.checkout}/${name}`, 0o755);
    for (const [name, target] of Object.entries(links)) await link(target, `${places.checkout}/${name}`);
    await withServer(emulator, async ({ url }) => {
      const program = programUnderTest();
      const { code, stdout, stderr } = await new Deno.Command(program.command, {
        args: [...program.args, ...args, ...more],
        cwd: places.checkout,
        env: variables(url, places.outside, env),
        clearEnv: true,
        stdin: "null",
        signal: AbortSignal.timeout(LONGEST_RUN_MS),
      }).output();
      const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
      const hasRun = await Deno.stat(places.trace).then(() => true, () => false);
      const said = text(stdout) + text(stderr);
      const signs = [
        ...(said.includes(SECRET) ? ["prints"] : []),
        ...(hasRun ? ["runs"] : []),
        ...(caught.length > 0 ? ["sends"] : []),
        ...emulator.calls.map(({ operation }) => operation),
      ];
      tried = { code, stdout: text(stdout), stderr: text(stderr), signs };
    });
  });
  return tried!;
}

async function checkPower(power: Power): Promise<void> {
  const [free, untrusted] = await Promise.all([tryPower(power, []), tryPower(power, ["--untrusted"])]);
  assert.ok(free.signs.includes(power.sign), `it does not come true: ${JSON.stringify(free)}`);
  assert.match(untrusted.stderr, power.refusal);
  assert.equal(untrusted.code, power.exitCode ?? 3, untrusted.stderr);
  if (power.exitCode === 0) return assert.ok(!untrusted.signs.includes(power.sign));
  assert.deepEqual([untrusted.stdout, untrusted.signs], ["", []]);
}

Deno.test({
  name: "--untrusted takes away what a pull request can do without it",
  ignore,
  fn: async (test) => {
    const waiting = POWERS.values();
    const work = async () => {
      for (const power of waiting) {
        // Steps that run side by side cannot be distinguished by what they leave open: the test as a whole is looked at.
        const unlimited = { sanitizeOps: false, sanitizeResources: false, sanitizeExit: false };
        const isMissing = power.needsJsonnet === true && !await hasJsonnet(power.name);
        await test.step({ name: power.name, ignore: isMissing, fn: () => checkPower(power), ...unlimited });
      }
    };
    await Promise.all([work(), work()]);
  },
});

Deno.test({
  name: "a program `jsonnet` of the checkout is not run, where PATH has an empty entry",
  ignore,
  fn: async () => {
    const tried = await tryPower({
      name: "none",
      plant: ({ trace }) => ({
        files: {
          "ecspresso.yml": "region: ap-northeast-1\nservice: myservice\ntask_definition: task.jsonnet\n",
          "task.jsonnet": "{}",
          "jsonnet": script(trace, "{}"),
        },
        executable: ["jsonnet"],
        env: { PATH: ":/usr/bin:/bin" },
        args: ["render", "taskdef"],
      }),
      sign: "runs",
      refusal: /./,
    }, []);
    assert.match(tried.stderr, /task\.jsonnet: the jsonnet command cannot be run: .*jsonnet, by an entry of PATH/);
    assert.deepEqual([tried.code, tried.signs], [3, []]);
  },
});

Deno.test({
  name: "a region is a region, and leads to no other host",
  ignore,
  fn: async () => {
    const tried = await tryPower({
      name: "a region with a host in it",
      plant: ({ catcher }) => ({
        files: { "ecspresso.yml": `region: "x@${catcher.replace("http://", "")}/"\nservice: myservice\n` },
        env: { AWS_ENDPOINT_URL: "" },
        args: ["status"],
      }),
      sign: "sends",
      refusal: /./,
    }, []);
    assert.match(tried.stderr, /ecspresso\.yml:1:9: region: is not an AWS region, such as ap-northeast-1/);
    assert.deepEqual([tried.code, tried.signs], [3, []]);
  },
});

Deno.test({
  name: "with --untrusted plain files work, with the variables of an envfile",
  ignore,
  fn: async () => {
    const tried = await tryPower({
      name: "none",
      plant: () => ({
        files: { ...DEFINITION_FILES, ".env": "TAG=1.2.3\nAWS_DEFAULT_REGION=ap-northeast-1\n" },
        args: ["diff", "--envfile", ".env"],
      }),
      sign: "sends",
      refusal: /./,
    }, ["--untrusted"]);
    assert.equal(tried.code, 0, tried.stderr);
    assert.match(tried.stdout, /^\+.*myservice:1\.2\.3"/m);
  },
});

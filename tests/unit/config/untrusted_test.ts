import assert from "node:assert/strict";
import {
  confineFiles,
  folderOfConfig,
  folderOfNamed,
  limitEnvironment,
  refuseVariable,
} from "../../../src/config/untrusted.ts";
import { madeUpHost } from "../../made_up_host.ts";
import { VirtualClock } from "../../virtual_clock.ts";
import { CallError } from "../../../src/config/template/template_functions.ts";
import { memoryEnvironment } from "./memory_host.ts";
import { inWords, wordsOf } from "../../in_words.ts";

const { host: { files } } = madeUpHost({
  args: [],
  clock: new VirtualClock(0),
  exit: () => {},
  files: {
    "deploy/task.json": "task",
    "deploy/more/state": "state",
    "deployed/task.json": "sibling",
    "task.json": "above",
    "/etc/passwd": "elsewhere",
    "/tmp/check.env": "mine",
  },
  links: {
    "deploy/out.json": "/etc/passwd",
    "deploy/up.json": "task.json",
    "deploy/in.json": "deploy/more/state",
    "/tmp/out.env": "/etc/passwd",
  },
});

async function tryAll(read: (path: string) => Promise<string | undefined>, paths: readonly string[]) {
  return Object.fromEntries(
    await Promise.all(paths.map(async (path) => [path, await read(path).catch(wordsOf)])),
  );
}

Deno.test("files that the config names are read from its folder only, all links followed", async () => {
  const { readText } = confineFiles(files, () => folderOfConfig("deploy/ecspresso.yml"));
  const out = "--untrusted: it leads out of the folder of the config (move the file there)";
  assert.deepEqual(
    await tryAll(readText, [
      "deploy/task.json",
      "deploy/in.json",
      "deploy/none.json",
      "deploy/out.json",
      "deploy/up.json",
      "deployed/task.json",
      "task.json",
      "/etc/passwd",
      "/dev/stdin",
      "../none.json",
      "deploy/../none.json",
      "/work/deploy/none.json",
    ]),
    {
      "deploy/task.json": "task",
      "deploy/in.json": "state",
      "deploy/none.json": undefined,
      "deploy/out.json": out,
      "deploy/up.json": out,
      "deployed/task.json": out,
      "task.json": out,
      "/etc/passwd": out,
      "/dev/stdin": out,
      "../none.json": out,
      "deploy/../none.json": out,
      "/work/deploy/none.json": out,
    },
  );
});

Deno.test("a path that leads out is refused before anybody looks at it", async () => {
  const look = () => assert.fail("it was looked at");
  const { readText } = confineFiles(
    { readText: look, realPath: look, kindOf: look },
    () => folderOfConfig("deploy/ecspresso.yml"),
  );
  await assert.rejects(inWords(readText("/net/host.example/task.json")), /leads out of/);
});

Deno.test("stdin is read where the command line names it", async () => {
  const readText = () => Promise.resolve("typed");
  assert.equal(await confineFiles({ ...files, readText }, folderOfNamed).readText("/dev/stdin"), "typed");
});

Deno.test("what is no plain file is not read", async () => {
  const { readText } = confineFiles(files, folderOfNamed);
  assert.deepEqual(await tryAll(readText, ["deploy", "none"]), {
    deploy: "--untrusted: it is not a plain file (name one)",
    none: undefined,
  });
});

Deno.test("files that the command line names do not lead out of the working directory, or of the folder elsewhere", async () => {
  const { readText } = confineFiles(files, folderOfNamed);
  assert.deepEqual(
    await tryAll(readText, ["deploy/up.json", "deploy/out.json", "/tmp/check.env", "/tmp/out.env"]),
    {
      "deploy/up.json": "above",
      "deploy/out.json": "--untrusted: it leads out of the working directory (move the file there)",
      "/tmp/check.env": "mine",
      "/tmp/out.env": "--untrusted: it leads out of the folder that it is named in (move the file there)",
    },
  );
});

Deno.test("limitEnvironment() shows the variables of envfiles and the region, and refuses what else is set", () => {
  const env = memoryEnvironment({ AWS_SECRET_ACCESS_KEY: "secret", AWS_REGION: "eu-west-1", EMPTY: "", TAG: "theirs" });
  const limited = limitEnvironment(env, new Map([["TAG", "1"], ["NONE", ""]]));
  assert.deepEqual(["TAG", "NONE", "AWS_REGION", "EMPTY", "UNSET"].map((name) => limited.get(name)), [
    "1",
    "",
    "eu-west-1",
    "",
    undefined,
  ]);
  assert.throws(() => limited.get("AWS_SECRET_ACCESS_KEY"), CallError);
});

Deno.test("refuseVariable() refuses what means something to others than templates", () => {
  for (
    const name of [
      "PATH",
      "HOME",
      "REQUESTS_CA_BUNDLE",
      "AWS_PROFILE",
      "AWS_CA_BUNDLE",
      "HTTPS_PROXY",
      "http_proxy",
      "NO_PROXY",
      "LD_PRELOAD",
    ]
      .concat(["NODE_EXTRA_CA_CERTS", "DENO_CERT", "SSL_CERT_FILE", "DYLD_INSERT_LIBRARIES", "JSONNET_PATH", "Path"])
      .concat(["GITHUB_OUTPUT", "ECSPRESSO_CONFIG", "USERPROFILE", "ACTIONS_ID_TOKEN_REQUEST_URL"])
  ) assert.deepEqual(refuseVariable(name), { code: "refusedVariable", variable: name });
  for (const name of ["TAG", "AWS_REGION", "AWS_DEFAULT_REGION", "APP_PATH", "HOMEPAGE", "AWSOME", "PROXY"]) {
    assert.equal(refuseVariable(name), undefined, name);
  }
});

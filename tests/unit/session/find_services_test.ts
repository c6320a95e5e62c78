import assert from "node:assert/strict";
import type { Ecs } from "../../../src/aws/ecs.ts";
import { AwsError, RefusedError } from "../../../src/errors.ts";
import { systemHost } from "../../../src/host/system_host.ts";
import { expandConfigs, findNamed, type NameSelector } from "../../../src/session/find_services.ts";
import type { ServiceSelector } from "../../../src/session/service_selector.ts";

const signal = new AbortController().signal;
const arnOf = (cluster: string, name: string) => `arn:aws:ecs:eu-west-1:123456789012:service/${cluster}/${name}`;

/** Clusters with their services, each with its tags, two on a page. */
type World = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, string>>>>>>;

function listing(world: World): Pick<Ecs, "listClusters" | "listServices" | "readServiceTags"> {
  async function* pages(all: readonly string[]) {
    for (let at = 0; at < all.length; at += 2) yield await Promise.resolve(all.slice(at, at + 2));
  }
  return {
    listClusters: () => pages(Object.keys(world).map((name) => `arn:aws:ecs:eu-west-1:123456789012:cluster/${name}`)),
    listServices: (cluster) => pages(Object.keys(world[cluster]!).map((name) => arnOf(cluster, name))),
    readServiceTags: (cluster, arns) =>
      Promise.resolve(
        new Map(arns.map((arn) => [arn, new Map(Object.entries(world[cluster]![arn.split("/").at(-1)!]!))])),
      ),
  };
}

const WORLD: World = {
  "prod-b": { web: { release: "42" } },
  "prod-a": { worker: { release: "42", team: "x" }, "api-2": { release: "41" }, "api-1": { release: "42" } },
  staging: { web: {} },
};

function search(service: string, cluster: string, tags: Record<string, string> = {}): NameSelector {
  const wanted = Object.entries(tags).map(([key, value]) => ({ key, value }));
  return {
    kind: "search",
    search: { service, cluster, region: "eu-west-1", tags: wanted },
    account: undefined,
    wave: 1,
  };
}

async function find(
  selector: NameSelector,
  readAccount = () => Promise.resolve("123456789012"),
  warn = (_: string) => {},
) {
  const connectors = { connectEcs: () => Promise.resolve(listing(WORLD)), readAccount };
  const found = await findNamed(selector, () => Promise.resolve(connectors), { warn }, signal);
  return found.map(({ service, cluster }) => `${service}/${cluster}`);
}

Deno.test("findNamed() finds services by patterns in the order of clusters and names, whatever ECS's is", async () => {
  assert.deepEqual(await find(search("*", "prod-*")), ["api-1/prod-a", "api-2/prod-a", "worker/prod-a", "web/prod-b"]);
  assert.deepEqual(await find(search("api-*", "prod-a")), ["api-1/prod-a", "api-2/prod-a"]);
  assert.deepEqual(await find(search("web", "*")), ["web/prod-b", "web/staging"]);
});

Deno.test("findNamed() finds those that have all the tags", async () => {
  assert.deepEqual(await find(search("*", "prod-*", { release: "42" })), [
    "api-1/prod-a",
    "worker/prod-a",
    "web/prod-b",
  ]);
  assert.deepEqual(await find(search("*", "prod-*", { release: "42", team: "x" })), ["worker/prod-a"]);
});

Deno.test("findNamed() refuses what nothing matches, with the names that are near", async () => {
  const problemOf = async (selector: NameSelector) => {
    const error = await find(selector).catch((thrown) => thrown);
    assert.ok(error instanceof RefusedError, String(error));
    return error.problem;
  };
  const problem = await problemOf(search("wrker*", "prod-a"));
  assert.deepEqual([problem.code, "nearest" in problem && problem.nearest], ["noServiceMatches", ["worker"]]);
  const cluster = await problemOf(search("*", "stagnig*"));
  assert.deepEqual([cluster.code, "nearest" in cluster && cluster.nearest], ["noClusterMatches", ["staging"]]);
  assert.equal((await problemOf(search("*", "prod-a", { release: "43" }))).code, "noServiceMatches");
});

Deno.test("findNamed() compares the account of an ARN with that of the credentials, and goes on where STS is silent", async () => {
  const named = { service: arnOf("prod", "web"), cluster: "prod", region: "eu-west-1", options: [] };
  const selector: NameSelector = { kind: "named", named, account: "123456789012", wave: 1 };
  assert.deepEqual(await find(selector), [`${named.service}/prod`]);
  const other = await find(selector, () => Promise.resolve("210987654321")).catch((thrown) => thrown);
  assert.deepEqual(other.problem, {
    code: "otherAccount",
    arn: named.service,
    account: "123456789012",
    own: "210987654321",
  });
  const failing = (kind: "unreachable" | "credentials") => () =>
    Promise.reject(new AwsError({ operation: "GetCallerIdentity", kind, code: "X", detail: "" }));
  const warnings: string[] = [];
  await find(selector, failing("unreachable"), (line) => warnings.push(line));
  assert.match(warnings.join(), /the account 123456789012 is not known/);
  await assert.rejects(find(selector, failing("credentials")), AwsError);
});

Deno.test("expandConfigs() has each file once, follows no circle of links, and takes a file by its very name first", async () => {
  const folder = await Deno.makeTempDir();
  const { files } = systemHost();
  try {
    for (const name of ["a", "b/c", "[id]"]) {
      await Deno.mkdir(`${folder}/${name}`, { recursive: true });
      await Deno.writeTextFile(`${folder}/${name}/ecspresso.yml`, "");
    }
    await link("..", `${folder}/b/round`);
    await link(`${folder}/a/ecspresso.yml`, `${folder}/same.yml`);
    const expand = async (...paths: string[]) => {
      const selectors = paths.map((path): ServiceSelector => ({
        ...{ kind: "config", path: `${folder}/${path}`, mayBePattern: true, wave: 1 },
      }));
      const found = await expandConfigs(selectors, files);
      return found.map((selector) => selector.kind === "config" ? selector.path?.slice(folder.length + 1) : selector);
    };
    assert.deepEqual(await expand("*/ecspresso.yml"), ["[id]/ecspresso.yml", "a/ecspresso.yml"]);
    assert.deepEqual(await expand("**/ecspresso.yml"), ["[id]/ecspresso.yml", "a/ecspresso.yml", "b/c/ecspresso.yml"]);
    assert.deepEqual(await expand("same.yml", "a/../a/ecspresso.yml", "*/ecspresso.yml"), [
      "same.yml",
      "[id]/ecspresso.yml",
    ]);
    assert.deepEqual(await expand("[id]/ecspresso.yml"), ["[id]/ecspresso.yml"]);
    assert.deepEqual(await expand("{a,b/c}/ecspresso.yml"), ["a/ecspresso.yml", "b/c/ecspresso.yml"]);
    await assert.rejects(expand("z*/ecspresso.yml"), RefusedError);
    // What is not there at all is for the reading of the file to say.
    assert.deepEqual(await expand("z.yml"), ["z.yml"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

/** Deno's own links need the right to write anywhere, which tests do not have. */
async function link(to: string, path: string): Promise<void> {
  const { success } = await new Deno.Command("ln", { args: ["-s", to, path] }).output();
  assert.ok(success, `no link can be made at ${path}`);
}

import { deepStrictEqual, ok } from "node:assert/strict";
import { importsOf, sourceFiles } from "../tools/source_files.ts";
import {
  arrow,
  circularFolders,
  circularImports,
  edge,
  forbiddenImports,
  misnamedTests,
  PICKED,
  roomOf,
  ROOMS,
  unusedExports,
} from "./architecture.ts";

Deno.test("a room imports from the rooms below it only, and from those that the table names", async () => {
  const names = Object.keys(ROOMS);
  const map = (await Deno.readTextFile("CONTRIBUTING.md")).match(/^src\/\w+/gm) ?? [];
  deepStrictEqual(names.filter((name) => !["main", "emulator"].includes(name)), [
    ...new Set(map.map((path) => path.slice(4))),
  ]);
  const upward = Object.entries(ROOMS).flatMap(([room, allowed]) =>
    allowed.map((name) => name.replace("types of ", ""))
      .filter((name) => names.indexOf(name) <= names.indexOf(room)).map((name) => `${room} -> ${name}`)
  );
  deepStrictEqual(upward, []);

  const imports = await importsOf(["main.ts", ...await sourceFiles("src"), ...await sourceFiles("tests/emulator")]);
  // An empty graph would satisfy every rule.
  ok(imports.some(({ from, to }) => from === "main.ts" && to.startsWith("src/")));
  deepStrictEqual(forbiddenImports(imports), []);
});

Deno.test("no file of src leads back to itself, not even by types", async () => {
  deepStrictEqual(circularImports(await importsOf(["main.ts"])).map(arrow), []);
});

Deno.test("no folder within a room leads back to itself, not even by types", async () => {
  deepStrictEqual(circularFolders(await importsOf(["main.ts"])), []);
});

Deno.test("the folders of src/rollout know each other in the order of the map", async () => {
  const row = /^src\/rollout .*/m.exec(await Deno.readTextFile("CONTRIBUTING.md"))?.[0] ?? "";
  const order = Array.from(row.matchAll(/(\w+)\/(?=[, ])/g), ([, name]) => name!);
  deepStrictEqual(order, ["run", "steps", "plan", "read", "judge"]);
  const folderOf = (path: string) => order.indexOf(path.match(/^src\/rollout\/(\w+)\//)?.[1] ?? "");
  const upward = (await importsOf(["main.ts"])).filter(({ from, to }) =>
    folderOf(to) > -1 && folderOf(from) > folderOf(to)
  );
  deepStrictEqual(upward.map(arrow), []);
});

Deno.test("every file of src belongs to the program, and can be loaded", async () => {
  const reached = new Set((await importsOf(["main.ts"])).map(({ to }) => to));
  const files = await sourceFiles("src");
  deepStrictEqual(files.filter((file) => !reached.has(file)), []);
  // The coverage leaves out what no test has loaded.
  for (const file of files) await import(new URL(`../${file}`, import.meta.url).href);
});

/** These write modules, which export something, or are imported by what is written. */
const WRITE_EXPORTS = [
  "tests/tools/scripts_test.ts",
  "tools/enum_members.ts",
  "tools/executable/load_script.ts",
  "tools/lean_sdk.ts",
];

Deno.test("nothing is exported that no other file imports", async () => {
  const files = (await Promise.all(["src", "tests", "tools"].map(sourceFiles))).flat();
  const texts = await Promise.all(
    ["main.ts", ...files].map(async (file) => [file, await Deno.readTextFile(file)] as const),
  );
  const unused = unusedExports(new Map(texts)).filter((name) => !WRITE_EXPORTS.includes(name.split(":")[0]!));
  deepStrictEqual(unused, []);
});

Deno.test("a unit test is named after the file that it is about, so that it is found", async () => {
  // What is about all rooms stands above them.
  const tests = (await sourceFiles("tests/unit")).filter((path) => !/^tests\/unit\/[^/]*$/.test(path));
  deepStrictEqual(misnamedTests(tests, await sourceFiles("src")), []);
});

/** Commands of the AWS CLI, of this program for one service, and for many. */
const WRITE_COMMANDS = [
  "src/report/fleet/commands.ts",
  "src/report/fleet/typed_again.ts",
  "src/report/messages/own_commands.ts",
  "src/report/messages/typed_commands.ts",
];
/** What a command is made of; `--help` is no next step. */
const COMMAND_PART =
  /\b(?:awsCli|ecspressoCommand|writeOption)\b|`[^`\n]*\b(?:aws|ecspresso) (?=[^`\n]*\$\{)[^`\n]* --(?!help)/;

Deno.test("a command to type is written in few files, and all others ask for it by its purpose", async () => {
  const writers = [];
  for (const file of await sourceFiles("src")) {
    const code = (await Deno.readTextFile(file)).replaceAll(/^\s*(?:\/\/|\/?\*).*$/gm, "");
    if (COMMAND_PART.test(code)) writers.push(file);
  }
  deepStrictEqual(writers.toSorted(), WRITE_COMMANDS);
});

/** For what is stamped with a time, or compared with AWS's times. */
const READ_THE_TIME_OF_DAY = [
  "ecs_api.ts",
  "report_plans.ts",
  "reporter.ts",
  "role.ts",
  "rollback.ts",
  "run_plan_file.ts",
  "scaling_guard.ts",
  "system_host.ts",
  "write_plan_file.ts",
];

Deno.test("no pause and no limit is measured by the time of day, which somebody may set", async () => {
  const texts = await Promise.all(
    (await sourceFiles("src")).map(async (file) => [file, await Deno.readTextFile(file)] as const),
  );
  const readers = texts.filter(([, text]) => /\b(?:clock|Date)\.now\(\)/.test(text)).map(([file]) => file);
  deepStrictEqual(readers.map((file) => file.replace(/^.*\//, "")).toSorted(), READ_THE_TIME_OF_DAY);
});

Deno.test("each call of AWS's APIs is made in one place: there is one reader of a resource", async () => {
  const texts = await Promise.all((await sourceFiles("src/aws")).map((file) => Deno.readTextFile(file)));
  const made = texts.flatMap((text) => {
    // Several APIs have tags.
    const client = /@aws-sdk\/client-[a-z-]+/.exec(text)?.[0];
    return [...text.matchAll(/new (?:sdk\.)?(\w+)Command\(/g)].map(([, name]) => `${name} of ${client}`);
  });
  ok(made.length > 40);
  deepStrictEqual(made.filter((call, index) => made.indexOf(call) !== index), []);
});

Deno.test("the AWS SDK is loaded when it is needed: the ports by the session, each client of a lookup by itself", async () => {
  const early = (await importsOf(["main.ts"])).filter(({ from, to, isTypeOnly, isDynamic }) => {
    if (isTypeOnly || isDynamic) return false;
    // What is picked out of a client is loaded with it, and by nothing but an import().
    if (from.startsWith(PICKED)) return false;
    if (roomOf(from) === "aws") {
      return to.startsWith(PICKED) ||
        /^npm:\/?@aws-sdk\/client-(?!ecs@|application-auto-scaling@|cloudwatch@)/.test(to);
    }
    return roomOf(to) === "aws";
  });
  deepStrictEqual(early.map(arrow), []);
});

Deno.test("of a client that is loaded when it is needed, the bundle has only what is picked", async () => {
  const whole = (await importsOf(["main.ts"])).filter(({ to, isDynamic }) =>
    isDynamic && /^npm:\/?@aws-sdk\/client-/.test(to)
  );
  deepStrictEqual(whole.map(arrow), []);
});

Deno.test("a forbidden import is found", () => {
  const forbidden = [
    "src/model/a.ts -> src/errors.ts",
    "src/host.ts -> src/errors.ts",
    "src/host.ts -> node:fs",
    "src/errors.ts -> npm:yaml@2.9.1",
    "src/session/a.ts -> npm:@aws-sdk/client-ecs@3.0.0",
    "src/report/a.ts -> npm:/@commander-js/extra-typings@1.0.0",
    "tests/emulator/a.ts -> src/model/arn.ts",
    "src/util/a.ts -> src/errors.ts",
    "src/report/a.ts -> src/rollout/plan.ts",
  ];
  deepStrictEqual(forbiddenImports(forbidden.map((text) => edge(text))).length, forbidden.length);
  deepStrictEqual(forbiddenImports([edge("src/report/a.ts -> src/rollout/events.ts", true)]), []);
  deepStrictEqual(forbiddenImports([edge("src/aws/a.ts -> src/rollout/events.ts", true)]), [
    "src/aws/a.ts -> src/rollout/events.ts: aws may not import types of rollout",
  ]);
});

Deno.test("a circle is found, and what only leads to one is none", () => {
  const imports = ["a -> b", "b -> c", "c -> b", "c -> d"].map((text) => edge(text));
  deepStrictEqual(circularImports(imports).map(arrow), ["b -> c", "c -> b"]);
});

Deno.test("a circle of folders is found, even where no file leads back to itself", () => {
  const imports = [
    "src/report/a.ts -> src/report/b/c.ts",
    "src/report/b/d.ts -> src/report/e.ts",
    "src/report/b/d.ts -> src/report/f/g.ts",
    "src/report/e.ts -> src/model/h.ts",
  ];
  deepStrictEqual(circularFolders(imports.map((text) => edge(text))), [
    "src/report -> src/report/b: src/report/a.ts -> src/report/b/c.ts",
    "src/report/b -> src/report: src/report/b/d.ts -> src/report/e.ts",
  ]);
});

Deno.test("an export that nobody imports is found", () => {
  const files = new Map([
    ["src/a.ts", "export const a = 1;\nexport async function b() {}\nexport interface C {}\nexport type D = 1;"],
    ["src/b.ts", 'import { a, type D as E } from "./a.ts";\nexport class F {}\nexport function* g() {}'],
    ["tests/c.ts", 'import * as all from "../src/b.ts";\nnew all.F();\nconst { b } = await import("../src/a.ts");'],
  ]);
  deepStrictEqual(unusedExports(files), ["src/a.ts: C", "src/b.ts: g"]);
});

Deno.test("a unit test is found that begins with the name of no file of its room", () => {
  const tests = ["a/run_test.ts", "a/run_fast_test.ts", "a/runs_test.ts", "b/run_test.ts", "a/helper.ts"];
  deepStrictEqual(misnamedTests(tests.map((name) => `tests/unit/${name}`), ["src/a/run.ts", "src/b/runs.ts"]), [
    "tests/unit/a/runs_test.ts",
    "tests/unit/b/run_test.ts",
  ]);
});

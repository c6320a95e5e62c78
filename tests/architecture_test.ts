import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { forbiddenImports, roomOf, usesOfDeno } from "../tools/architecture.ts";
import { importsOf, readInfo } from "../tools/import_graph.ts";
import { sourceFiles } from "../tools/source_files.ts";

Deno.test("every import of the program and of the emulator is one that the table permits", async () => {
  const files = ["main.ts", ...await sourceFiles("src"), ...await sourceFiles("tests/emulator")];
  const imports = await importsOf(files);
  // An empty graph would satisfy every rule.
  strictEqual(imports.some(({ from, to }) => from === "main.ts" && roomOf(to) === "app"), true);
  deepStrictEqual(forbiddenImports(imports), []);
});

Deno.test("every file of src belongs to the program", async () => {
  const reached = new Set((await importsOf(["main.ts"])).map(({ to }) => to));
  deepStrictEqual((await sourceFiles("src")).filter((file) => !reached.has(file)), []);
});

Deno.test("only src/host.ts and src/host use Deno", async () => {
  const uses = await Promise.all((await sourceFiles("src")).map(async (file) => {
    return usesOfDeno(await Deno.readTextFile(file)).map((use) => `${file}:${use}`);
  }));
  deepStrictEqual(uses.flat().filter((use) => !/^src\/host(?:\.ts|\/[^:]+):/.test(use)), []);
});

Deno.test("no class is asked for its name, which the executable does not keep", async () => {
  const uses = await Promise.all((await sourceFiles("src")).map(async (file) => {
    const found = (await Deno.readTextFile(file)).match(/(?<![\w.])[A-Z]\w*[a-z]\w*\.name\b|constructor\.name\b/g) ??
      [];
    return found.map((use) => `${file}: ${use}`);
  }));
  deepStrictEqual(uses.flat(), []);
});

/** For what is stamped with a time, or compared with AWS's times. */
const READ_THE_TIME_OF_DAY = [
  "src/app/tell_without_log.ts",
  "src/aws/ecs_adapter.ts",
  "src/aws/role_session.ts",
  "src/host.ts",
  "src/rollout/steps/change_scaling.ts",
  "src/session/audience.ts",
  "src/session/session.ts",
];

Deno.test("no pause and no limit is measured by the time of day, which somebody may set", async () => {
  const texts = await Promise.all(
    (await sourceFiles("src")).map(async (file) => [file, await Deno.readTextFile(file)] as const),
  );
  const readers = texts.filter(([, text]) => /\b(?:clock|Date)\.now\(\)/.test(text)).map(([file]) => file);
  deepStrictEqual(readers.toSorted(), READ_THE_TIME_OF_DAY);
});

Deno.test("the AWS SDK is loaded when it is needed: the ports by the session, each client of a lookup by itself", async () => {
  const isStatic = (text: string, specifier: RegExp) =>
    [...text.matchAll(/^(?:im|ex)port (?!type )[^;]*?from "([^"]+)";/gm)].some(([, from]) => specifier.test(from!));
  const texts = await Promise.all(
    (await sourceFiles("src")).map(async (file) => [file, await Deno.readTextFile(file)]),
  );
  const early = texts.filter(([file, text]) =>
    isStatic(text!, /^@aws-sdk\/client-(?!ecs$|application-auto-scaling$|cloudwatch$)/) ||
    (/^src\/(?:app|commands|session)\//.test(file!) && isStatic(text!, /\/aws\//))
  );
  deepStrictEqual(early.map(([file]) => file), []);
  const lazily = texts.filter(([, text]) => /await import\("@aws-sdk\/client-/.test(text!)).map(([file]) => file);
  deepStrictEqual(lazily.toSorted(), ["src/aws/inventory.ts", "src/aws/role_session.ts", "src/aws/value_sources.ts"]);
});

/** Lines; what is longer is no wiring any more, and belongs into the room that it is about. */
const SCREEN = 60;

Deno.test("no command, and no action of one, is longer than a screen", async () => {
  const rooms = await Promise.all(["commands"].map((room) => sourceFiles(`src/${room}`)));
  const lengths = await Promise.all(
    rooms.flat().map(async (file) => {
      const text = await Deno.readTextFile(file);
      return [...text.matchAll(/^(?:export )?(?:async )?function\*? (\w+)[^]*?^}$/gm)].map(([whole, name]) => ({
        name: `${file}: ${name}`,
        lines: whole.split("\n").length,
      }));
    }),
  );
  // Every file has one at the least.
  strictEqual(lengths.every((ofFile) => ofFile.length > 0), true);
  deepStrictEqual(lengths.flat().filter(({ lines }) => lines > SCREEN), []);
});

const permitted = [
  "main.ts -> src/app/run.ts",
  "main.ts -> src/host.ts",
  "src/session/session.ts -> src/aws/ecs_adapter.ts",
  "src/app/run.ts -> src/report/log.ts",
  "src/commands/diff.ts -> src/config/load_config.ts",
  "src/commands/rollback.ts -> src/rollout/run.ts",
  "src/commands/rollback.ts -> npm:commander@1.0.0",
  "src/commands/completion.ts -> src/completion/write_bash.ts",
  "src/report/log.ts -> src/model/service.ts",
  "src/aws/a.ts -> npm:@aws-sdk/client-ecs@3.0.0",
  "src/aws/a.ts -> src/aws/b.ts",
  "src/config/a.ts -> src/errors.ts",
  "src/rollout/a.ts -> src/model/arn.ts",
  "src/rollout/a.ts -> src/host.ts",
  "src/rollout/a.ts -> src/definitions/b.ts",
  "src/session/a.ts -> src/definitions/b.ts",
  "src/definitions/a.ts -> src/model/json.ts",
  "src/definitions/a.ts -> src/errors.ts",
  "src/definitions/a.ts -> npm:diff@9.0.0",
  "tests/emulator/main.ts -> node:http",
  "tests/e2e/a_test.ts -> src/app/run.ts",
];

const forbidden = [
  "src/model/a.ts -> src/errors.ts",
  "src/model/a.ts -> src/rollout/plan/plan.ts",
  "src/rollout/a.ts -> src/aws/b.ts",
  "src/rollout/a.ts -> src/config/b.ts",
  "src/rollout/a.ts -> src/report/b.ts",
  "src/aws/a.ts -> src/rollout/plan/plan.ts",
  "src/config/a.ts -> src/aws/b.ts",
  "src/report/a.ts -> src/aws/b.ts",
  "src/report/a.ts -> src/rollout/plan/plan.ts",
  "src/definitions/a.ts -> src/aws/b.ts",
  "src/definitions/a.ts -> src/rollout/b.ts",
  "src/definitions/a.ts -> src/host.ts",
  "src/report/a.ts -> src/definitions/b.ts",
  "src/aws/a.ts -> src/definitions/b.ts",
  "src/config/a.ts -> src/definitions/b.ts",
  "src/host.ts -> src/errors.ts",
  "src/host.ts -> node:fs",
  "src/errors.ts -> npm:yaml@2.9.1",
  "src/report/a.ts -> src/app/run.ts",
  "src/aws/a.ts -> src/session/context.ts",
  "src/session/a.ts -> npm:@aws-sdk/client-ecs@3.0.0",
  "src/session/a.ts -> npm:/@smithy/core@3.0.0",
  "src/completion/a.ts -> npm:/@commander-js/extra-typings@1.0.0",
  "src/completion/a.ts -> src/session/b.ts",
  "main.ts -> src/aws/ecs_adapter.ts",
  "tests/emulator/a.ts -> src/model/arn.ts",
  "tests/emulator/a.ts -> src/errors.ts",
  "src/util/a.ts -> src/errors.ts",
];

function edge(arrow: string, isTypeOnly = false) {
  const [from, to] = arrow.split(" -> ");
  return { from: from!, to: to!, isTypeOnly };
}

for (const arrow of permitted) {
  Deno.test(`forbiddenImports() permits ${arrow}`, () => deepStrictEqual(forbiddenImports([edge(arrow)]), []));
}

for (const arrow of forbidden) {
  Deno.test(`forbiddenImports() finds ${arrow}`, () => strictEqual(forbiddenImports([edge(arrow)]).length, 1));
}

Deno.test("forbiddenImports() permits report the types of rollout, and nobody else a forbidden type", () => {
  deepStrictEqual(forbiddenImports([edge("src/report/log.ts -> src/rollout/events.ts", true)]), []);
  deepStrictEqual(forbiddenImports([edge("src/aws/a.ts -> src/rollout/events.ts", true)]), [
    "src/aws/a.ts imports src/rollout/events.ts: aws may not import from rollout",
  ]);
});

Deno.test("readInfo() tells imports of types from the others and leaves packages' own imports out", () => {
  const dependency = (specifier: string) => ({ specifier });
  const info = {
    modules: [
      {
        specifier: "file:///project/main.ts",
        dependencies: [
          { specifier: "./src/a.ts", type: dependency("file:///project/src/a.ts") },
          { specifier: "./src/b.ts", code: dependency("file:///project/src/b.ts") },
          { specifier: "yaml", code: dependency("npm:yaml@2.9.1") },
        ],
      },
      { specifier: "node:fs" },
    ],
  };
  deepStrictEqual([...readInfo(info, "file:///project/").values()].flat(), [
    { from: "main.ts", to: "src/a.ts", isTypeOnly: true },
    { from: "main.ts", to: "src/b.ts", isTypeOnly: false },
    { from: "main.ts", to: "npm:yaml@2.9.1", isTypeOnly: false },
  ]);
});

Deno.test("usesOfDeno() finds code, not comments", () => {
  deepStrictEqual(
    usesOfDeno("/** `Deno.env` throws. */\n// Deno.exit\nconst a = Deno.args;\nglobalThis.Deno['exit'](1);"),
    ["3: const a = Deno.args;", "4: globalThis.Deno['exit'](1);"],
  );
});

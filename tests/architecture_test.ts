import { deepStrictEqual, match, ok } from "node:assert/strict";
import houseRules from "../tools/house_rules.ts";
import { type Import, importsOf, sourceFiles } from "../tools/source_files.ts";

/**
 * The rooms from the top floor down, as on the map of CONTRIBUTING.md, and what each may import; types count. All of it
 * stands below, so that no two rooms need each other. Of `types of` a room nothing may be left at run time.
 */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  main: ["app", "session", "host"],
  app: ["commands", "session", "report", "completion", "types of aws", "secrets", "errors", "host"],
  commands: [
    ...["session", "report", "completion", "types of aws", "config", "rollout", "registry", "definitions", "secrets"],
    ...["model", "errors", "host"],
  ],
  session: [
    ...["report", "aws", "config", "rollout", "definitions", "secrets", "model", "errors", "host"],
    "types of problems",
  ],
  // Renderers know what has happened, and have no way to make anything happen.
  report: ["types of rollout", "types of registry", "diagnosis", "model", "errors", "host", "types of problems"],
  rollout: ["registry", "diagnosis", "definitions", "model", "errors", "host", "types of problems"],
  registry: ["model", "errors", "host", "types of problems"],
  // Pure: what ECS says comes in, causes go out.
  diagnosis: ["definitions", "model"],
  config: ["secrets", "model", "errors", "host", "types of problems"],
  definitions: ["secrets", "model", "errors"],
  aws: ["model", "errors", "host", "types of problems"],
  secrets: ["model"],
  completion: [],
  model: ["types of problems"],
  errors: ["host", "types of problems"],
  host: ["types of problems"],
  // What is wrong, as codes; the words are in `report`.
  problems: [],
  // The program and the emulator could share a misunderstanding of ECS, and the tests would never notice.
  emulator: [],
};

/** The rooms that alone know some packages. */
const PACKAGES = [
  { packages: /^npm:\/?@(?:aws-sdk|smithy)\//, rooms: ["aws"] },
  { packages: /^npm:\/?(?:commander|@commander-js\/)/, rooms: ["app", "commands", "session", "completion"] },
];
/** Of clients of the SDK, what is needed: from these the bundle leaves out the rest. */
const PICKED = "src/aws/clients/";
const WITHOUT_PACKAGES = ["errors", "host", "problems"];

/** `report` for `src/report/log.ts`; `undefined` for what is not part of the house. */
function roomOf(path: string): string | undefined {
  if (path === "main.ts") return "main";
  if (path.startsWith("tests/emulator/")) return "emulator";
  return path.match(/^src\/([^/]+?)(?:\.ts|\/.*)$/)?.[1];
}

/** What is wrong with an import; `undefined` when nothing is. */
function problemWith({ from, to, isTypeOnly }: Import): string | undefined {
  const importer = roomOf(from);
  if (importer === undefined) return undefined;
  const allowed = ROOMS[importer];
  if (allowed === undefined) return `there is no room called ${importer}`;
  const imported = roomOf(to);
  if (imported !== undefined) {
    const isAllowed = imported === importer || allowed.includes(imported) ||
      isTypeOnly && allowed.includes(`types of ${imported}`);
    return isAllowed ? undefined : `${importer} may not import ${isTypeOnly ? "types of " : ""}${imported}`;
  }
  // What Deno has under Node's names is no package.
  if (from.startsWith("src/host/") && to.startsWith("node:")) return undefined;
  if (WITHOUT_PACKAGES.includes(importer)) return `${importer} imports nothing`;
  const { rooms } = PACKAGES.find(({ packages }) => packages.test(to)) ?? {};
  if (rooms === undefined || rooms.includes(importer) || importer === "emulator") return undefined;
  return `${importer} does not know ${to}`;
}

function forbiddenImports(imports: readonly Import[]): string[] {
  return imports.flatMap((edge) => {
    const problem = problemWith(edge);
    return problem === undefined ? [] : [`${arrow(edge)}: ${problem}`];
  });
}

const arrow = ({ from, to }: Import) => `${from} -> ${to}`;

/** The imports by which a file leads back to itself. */
function circularImports(imports: readonly Import[]): Import[] {
  const from = Map.groupBy(imports, (edge) => edge.from);
  const leads = (start: string, end: string) => {
    const reached = new Set([start]);
    for (const file of reached) from.get(file)?.forEach(({ to }) => reached.add(to));
    return reached.has(end);
  };
  return imports.filter(({ from, to }) => leads(to, from));
}

/**
 * The folders within a room that lead back to themselves, each with the imports by which they do; a room's own files are
 * a folder, too. Within a room, as between rooms, imports go one way.
 */
function circularFolders(imports: readonly Import[]): string[] {
  const edges = imports.filter(({ from, to }) => roomOf(from) !== undefined && roomOf(from) === roomOf(to));
  const folderOf = (path: string) => path.replace(/\/[^/]*$/, "");
  const between = Map.groupBy(
    edges.map((edge) => ({ edge, from: folderOf(edge.from), to: folderOf(edge.to) })).filter(({ from, to }) =>
      from !== to
    ),
    ({ from, to }) => `${from} -> ${to}`,
  );
  const folders = [...between.values()].map(([first]) => ({ ...first!.edge, from: first!.from, to: first!.to }));
  const circular = new Set(circularImports(folders).map(arrow));
  return [...between].filter(([name]) => circular.has(name))
    .map(([name, edges]) => `${name}: ${edges.slice(0, 3).map(({ edge }) => arrow(edge)).join(", ")}`);
}

const EXPORTED = /^export (?:async )?(?:const|let|function\*?|class|interface|type) (\w+)/gm;
const IMPORT_FROM = /^(?:import|export) ([^;"]*?) from "(\.[^"]+)"/gm;
const IMPORT_CALL = /\bimport\(\s*"(\.[^"]+)"/g;

/** What `files`, paths with their texts, export and no other one imports: `src/a.ts: name`. */
function unusedExports(files: ReadonlyMap<string, string>): string[] {
  const imported = new Set<string>();
  for (const [file, text] of files) {
    const take = (to: string, names: Iterable<string | undefined>) => {
      const path = new URL(to, `file:///${file}`).pathname.slice(1);
      for (const name of names) imported.add(`${path}: ${name}`);
    };
    // Of what comes as a whole, each word of the file may be a part.
    const words = () => text.match(/\w+/g) ?? [];
    for (const [, what, to] of text.matchAll(IMPORT_FROM)) {
      const names = what!.match(/\{([^}]*)\}/)?.[1];
      take(to!, names?.split(",").map((name) => name.match(/^\s*(?:type )?(\w+)/)?.[1]) ?? words());
    }
    for (const [, to] of text.matchAll(IMPORT_CALL)) take(to!, words());
  }
  return [...files].flatMap(([file, text]) => [...text.matchAll(EXPORTED)].map(([, name]) => `${file}: ${name}`))
    .filter((name) => !imported.has(name));
}

/** The unit tests that are named after no file of the room that they mirror, nor begin with the name of one. */
function misnamedTests(tests: readonly string[], sources: readonly string[]): string[] {
  const nameOf = (path: string) => path.replace(/^(?:src|tests\/unit)\/|(?:_test)?\.ts$/g, "");
  const names = new Set(sources.map(nameOf));
  const begins = (name: string): boolean =>
    names.has(name) || /_[^/]*$/.test(name) && begins(name.replace(/_[^/_]*$/, ""));
  return tests.filter((path) => path.endsWith("_test.ts") && !begins(nameOf(path)));
}

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

Deno.test("every file of src belongs to the program, and can be loaded", async () => {
  const reached = new Set((await importsOf(["main.ts"])).map(({ to }) => to));
  const files = await sourceFiles("src");
  deepStrictEqual(files.filter((file) => !reached.has(file)), []);
  // The coverage leaves out what no test has loaded.
  for (const file of files) await import(new URL(`../${file}`, import.meta.url).href);
});

Deno.test("nothing is exported that no other file imports", async () => {
  const files = (await Promise.all(["src", "tests", "tools"].map(sourceFiles))).flat();
  const texts = await Promise.all(
    ["main.ts", ...files].map(async (file) => [file, await Deno.readTextFile(file)] as const),
  );
  deepStrictEqual(unusedExports(new Map(texts)).filter((name) => name.startsWith("src/")), []);
});

Deno.test("a unit test is named after the file that it is about, so that it is found", async () => {
  // What is about all rooms stands above them.
  const tests = (await sourceFiles("tests/unit")).filter((path) => !/^tests\/unit\/[^/]*$/.test(path));
  deepStrictEqual(misnamedTests(tests, await sourceFiles("src")), []);
});

/** Commands of the AWS CLI, of this program for one service, and for many. */
const WRITE_COMMANDS = [
  "src/model/typed_commands.ts",
  "src/report/fleet/commands.ts",
  "src/report/fleet/typed_again.ts",
  "src/report/messages/own_commands.ts",
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
  "carry_out_plan.ts",
  "ecs_api.ts",
  "keep_plan.ts",
  "reporter.ts",
  "role.ts",
  "rollback.ts",
  "scaling_guard.ts",
  "show_plans.ts",
  "system_host.ts",
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

function edge(text: string, isTypeOnly = false): Import {
  const [from, to] = text.split(" -> ");
  return { from: from!, to: to!, isTypeOnly, isDynamic: false };
}

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

Deno.test("the rules of the house find what is too long, Deno outside of src/host, names of classes, and words", async () => {
  const lines = (count: number) => "\n".repeat(count - 1);
  const found = async (path: string, source: string) => {
    const file = `${await Deno.realPath("src")}${path}`;
    return Deno.lint.runPlugin(houseRules, file, source).map(({ id, message }) => `${id} ${message}`);
  };
  deepStrictEqual(await found("/a.ts", `function a() {${lines(40)}}`), []);
  deepStrictEqual(await found("/a.ts", `const a = () => {${lines(41)}};`), [
    "house/function-length a: 41 lines, 40 are the most",
  ]);
  deepStrictEqual(await found("/a.ts", lines(251)), []);
  deepStrictEqual(await found("/a.ts", lines(252)), ["house/file-length a.ts: 251 lines, 250 are the most"]);
  deepStrictEqual(await found("/host/a.ts", "Deno.exit();"), []);
  deepStrictEqual(
    (await found("/a.ts", "// Deno.exit()\nDeno.exit(); globalThis.Deno; type A = Deno.Signal;")).length,
    3,
  );
  deepStrictEqual((await found("/a.ts", "a.constructor.name + AwsError.name + a.name")).length, 2);
  match((await found("/a.ts", "AwsError.name"))[0]!, /does not keep/);
  const said = [
    'failAt("is nested too deeply", 0);',
    "fail(`${key} is missing`);",
    'const notice = { error: "nobody has read it" };',
    "throw new ConfigError(`there is no ${key}`);",
    'const reference = { kind: "load balancer" };',
    'type Kind = "role" | "VPC Lattice";',
    "const scope = `container ${name}`;",
    "const name = `${action} on ${resource}`;",
    "const size = `${number} MiB`;",
  ];
  for (const source of said) {
    for (const room of ["config", "aws"]) {
      deepStrictEqual((await found(`/${room}/a.ts`, source)).map((one) => one.split(" ")[0]), [
        "house/words-in-report",
      ]);
    }
    deepStrictEqual(await found("/report/a.ts", source), []);
  }
  const unsaid = ['failAt({ code: "nestedTooDeeply" }, 0);', 'x.kind === "load balancer"', "`${key}: ${value}`;"];
  for (const source of [...unsaid, "throw new Error(`there is no ${key}`);"]) {
    deepStrictEqual(await found("/config/a.ts", source), []);
  }
});

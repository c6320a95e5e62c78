import type { Import } from "../tools/source_files.ts";

/**
 * The rooms from the top floor down, as on the map of CONTRIBUTING.md, and what each may import; types count. All of it
 * stands below, so that no two rooms need each other. Of `types of` a room nothing may be left at run time.
 */
export const ROOMS: Readonly<Record<string, readonly string[]>> = {
  main: ["app", "session", "host"],
  app: ["commands", "session", "report", "completion", "types of aws", "secrets", "errors", "host"],
  // A command says what is asked for. It reads nothing from AWS and changes nothing by itself.
  commands: ["session", "report", "completion", "rollout", "types of registry", "model", "errors", "host"],
  session: [
    ...["report", "aws", "config", "rollout", "registry", "definitions", "secrets", "model", "errors", "host"],
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
export const PICKED = "src/aws/clients/";
const WITHOUT_PACKAGES = ["errors", "host", "problems"];

/** `report` for `src/report/log.ts`; `undefined` for what is not part of the house. */
export function roomOf(path: string): string | undefined {
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

export function forbiddenImports(imports: readonly Import[]): string[] {
  return imports.flatMap((edge) => {
    const problem = problemWith(edge);
    return problem === undefined ? [] : [`${arrow(edge)}: ${problem}`];
  });
}

export const arrow = ({ from, to }: Import) => `${from} -> ${to}`;

/** The imports by which a file leads back to itself. */
export function circularImports(imports: readonly Import[]): Import[] {
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
export function circularFolders(imports: readonly Import[]): string[] {
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
export function unusedExports(files: ReadonlyMap<string, string>): string[] {
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
export function misnamedTests(tests: readonly string[], sources: readonly string[]): string[] {
  const nameOf = (path: string) => path.replace(/^(?:src|tests\/unit)\/|(?:_test)?\.ts$/g, "");
  const names = new Set(sources.map(nameOf));
  const begins = (name: string): boolean =>
    names.has(name) || /_[^/]*$/.test(name) && begins(name.replace(/_[^/_]*$/, ""));
  return tests.filter((path) => path.endsWith("_test.ts") && !begins(nameOf(path)));
}

export function edge(text: string, isTypeOnly = false): Import {
  const [from, to] = text.split(" -> ");
  return { from: from!, to: to!, isTypeOnly, isDynamic: false };
}

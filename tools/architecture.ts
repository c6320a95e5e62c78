import type { Import } from "./import_graph.ts";

/**
 * What each room of the house may import from the others. `types` stands for the imports of which nothing is left at
 * run time.
 */
const permitted: Readonly<Record<string, { readonly rooms: readonly string[]; readonly types?: readonly string[] }>> = {
  main: { rooms: ["app", "host"] },
  app: { rooms: ["commands", "session", "report", "completion", "secrets", "errors", "host"], types: ["aws"] },
  commands: {
    rooms: [
      ...["session", "report", "rollout", "registry", "config", "definitions", "secrets", "completion", "model"],
      ...["errors", "host", "app"],
    ],
    types: ["aws"],
  },
  session: {
    rooms: [
      "report",
      "rollout",
      "aws",
      "config",
      "definitions",
      "secrets",
      "completion",
      "model",
      "errors",
      "host",
      "app",
    ],
  },
  // Renderers know what has happened, and have no way to make anything happen.
  report: { rooms: ["model", "errors", "host"], types: ["rollout", "registry"] },
  aws: { rooms: ["model", "errors", "host"] },
  config: { rooms: ["secrets", "model", "errors", "host"] },
  rollout: { rooms: ["registry", "definitions", "model", "errors", "host"] },
  registry: { rooms: ["model", "errors", "host"] },
  // What means the same does not depend on when or where it is asked.
  definitions: { rooms: ["secrets", "model", "errors"] },
  // Who may see a value depends on where it comes from and where it stands, and on nothing else.
  secrets: { rooms: ["model"] },
  // Shells complete what can be typed, whichever framework reads it.
  completion: { rooms: [] },
  model: { rooms: [] },
  errors: { rooms: [] },
  host: { rooms: [] },
  // The program and the emulator could share a misunderstanding of ECS, and the tests would never notice.
  emulator: { rooms: [] },
};

/** These stand alone: not even a package. */
const leaves = ["errors", "host"];

/** The room that a file lives in, such as `ui` for `src/report/log.ts`; `undefined` for what is not part of the house. */
export function roomOf(path: string): string | undefined {
  if (path === "main.ts") return "main";
  if (path.startsWith("tests/emulator/")) return "emulator";
  return path.match(/^src\/([^/]+?)(?:\.ts|\/.*)$/)?.[1];
}

/** The imports that break the table above, each as a line that says so. */
export function forbiddenImports(imports: readonly Import[]): string[] {
  return imports.flatMap((edge) => {
    const problem = problemWith(edge);
    return problem === undefined ? [] : [`${edge.from} imports ${edge.to}: ${problem}`];
  });
}

function problemWith({ from, to, isTypeOnly }: Import): string | undefined {
  const importer = roomOf(from);
  if (importer === undefined) return undefined;
  const rule = permitted[importer];
  if (rule === undefined) return `src has no room called ${importer}`;

  const imported = roomOf(to);
  if (imported === undefined) {
    if (leaves.includes(importer)) return `${importer} imports nothing`;
    if (isAwsPackage(to) && from.startsWith("src/") && importer !== "aws") return "only src/aws knows the AWS SDK";
    if (isFramework(to) && !["app", "commands", "session"].includes(importer)) {
      return "only src/app, src/commands and src/session know the framework of the command line";
    }
    return undefined;
  }
  if (imported === importer || rule.rooms.includes(imported)) return undefined;
  if (rule.types?.includes(imported)) {
    return isTypeOnly ? undefined : `${importer} may import types only from ${imported}`;
  }
  return `${importer} may not import from ${imported}`;
}

function isFramework(specifier: string): boolean {
  return /^npm:\/?(?:commander|@commander-js\/)/.test(specifier);
}

function isAwsPackage(specifier: string): boolean {
  return /^npm:\/?@(?:aws-sdk|smithy)\//.test(specifier);
}

/** The lines of `source` that use `Deno` itself, as `line: text`; comments may speak of it. */
export function usesOfDeno(source: string): string[] {
  return source.split("\n").flatMap((line, index) => {
    const isComment = /^\s*(?:\/\/|\/?\*)/.test(line);
    return !isComment && /\bDeno(?:\.\w|\[)/.test(line) ? [`${index + 1}: ${line.trim()}`] : [];
  });
}

import { dirname, isAbsolute, relative, sep } from "node:path";
import { type Environment, type FileReader, type Files, MachineError } from "../host.ts";
import type { ValueSources } from "../model/ports.ts";
import type { ConfiningFolder, EnvfileProblem } from "../problems.ts";
import { CallError } from "./template/template_functions.ts";
import { folderOf } from "./files/user_files.ts";

/**
 * Reads only files that lie in a folder, both by the path as written and by the real one, with all links followed.
 *
 * @param findFolder the folder that a path has to lie in; `undefined` for a path without limits
 * @throws MachineError if a path leads out of its folder
 */
export function confineFiles(
  files: Pick<Files, "readText" | "realPath" | "kindOf">,
  findFolder: (path: string) => Folder | undefined,
): FileReader {
  return {
    async readText(path) {
      const folder = findFolder(path);
      if (folder === undefined) return await files.readText(path);
      // Checked first: on Windows, even looking at a network share sends a login to its server.
      if (!isWithin(path, folder.path)) throw leadsOut(folder);
      const kind = await files.kindOf(path);
      if (kind === undefined) return undefined;
      if (kind !== "file") throw new MachineError({ code: "notPlainFile" });
      const real = await files.realPath(path);
      if (real === undefined) return undefined;
      const realFolder = await files.realPath(folder.path);
      if (realFolder === undefined || !isWithin(real, realFolder)) throw leadsOut(folder);
      // The path that was checked: the one that was written may lead elsewhere by now.
      return await files.readText(real);
    },
  };
}

interface Folder {
  readonly path: string;
  readonly kind: ConfiningFolder;
}

/** For files that the config names: its folder. */
export function folderOfConfig(configPath: string): Folder {
  return { path: folderOf(configPath), kind: "ofConfig" };
}

/**
 * For files that the command line names: the working directory, whose links may come from a pull request, or else the
 * folder that the command line names. Stdin has no limits.
 */
export function folderOfNamed(path: string): Folder | undefined {
  if (path === "/dev/stdin") return undefined;
  return isWithin(path, ".") ? { path: ".", kind: "working" } : { path: dirname(path), kind: "named" };
}

function leadsOut({ kind }: Folder): MachineError {
  return new MachineError({ code: "leadsOut", kind });
}

function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** Not secret, and often named in definitions. */
const REGIONS: ReadonlySet<string> = new Set(["AWS_REGION", "AWS_DEFAULT_REGION"]);

/** Templates see the variables of the envfiles, and the region: any other may be a secret of this machine. */
export function limitEnvironment(
  env: Pick<Environment, "get">,
  ofEnvfiles: ReadonlyMap<string, string>,
): Pick<Environment, "get"> {
  return {
    get(name) {
      const value = ofEnvfiles.get(name) ?? env.get(name);
      if (!value || ofEnvfiles.has(name) || REGIONS.has(name)) return value;
      throw new CallError({ code: "hiddenVariable" });
    },
  };
}

/** Variables that the program, its runtime, the AWS SDK and the system read. */
const MEANINGFUL =
  /^(?:(?:AWS|ECSPRESSO|GITHUB|ACTIONS|RUNNER|DENO|NODE|NPM|SSL|LD|DYLD|XDG)_.*|.*_PROXY|(?:JSONNET_)?PATH|REQUESTS_CA_BUNDLE|HOME|USERPROFILE|TMPDIR|TMP|TEMP|SHELL|COMSPEC|ENV|IFS)$/i;

/** Why an envfile may not set a variable; `undefined` if it may. */
export function refuseVariable(name: string): EnvfileProblem | undefined {
  if (!MEANINGFUL.test(name) || REGIONS.has(name)) return undefined;
  return { code: "refusedVariable", variable: name };
}

function refuse(): never {
  throw new CallError({ code: "noLookups" });
}

/** Files could print or send any value of AWS, so they get none. */
export const NO_LOOKUPS: ValueSources = {
  readParameter: refuse,
  findSecretArn: refuse,
  readStackOutputs: refuse,
  readStackExports: refuse,
  readObject: refuse,
};

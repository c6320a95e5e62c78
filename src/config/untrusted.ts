import { dirname, isAbsolute, relative, sep } from "node:path";
import { folderOf } from "./user_files.ts";
import type { Environment, FileReader, Files } from "../host.ts";
import type { ValueSources } from "../model/ports.ts";
import { TemplateValueError } from "./template/template_function.ts";

const STDIN = "/dev/stdin";

/** What it takes to know where a path leads. */
export type LinkedFiles = Pick<Files, "readText" | "realPath" | "kindOf">;

/**
 * Reads nothing but what lies in a folder, as it is written and once all links are followed. Where a path leads out of it,
 * reading throws an Error that says so.
 *
 * @param findFolder the folder that a path has to lie in, and how messages name it; `undefined` for one that may be read
 */
export function confineFiles(files: LinkedFiles, findFolder: (path: string) => Folder | undefined): FileReader {
  return {
    async readText(path) {
      const folder = findFolder(path);
      if (folder === undefined) return await files.readText(path);
      // Before it is looked at: on Windows, a look at a share of the network sends a login to its server.
      if (!isWithin(path, folder.path)) throw leadsOut(folder);
      const kind = await files.kindOf(path);
      if (kind === undefined) return undefined;
      if (kind !== "file") throw new Error("--untrusted: it is no plain file (name one)");
      const real = await files.realPath(path);
      if (real === undefined) return undefined;
      const realFolder = await files.realPath(folder.path);
      if (realFolder === undefined || !isWithin(real, realFolder)) throw leadsOut(folder);
      // What has been looked at is what is read.
      return await files.readText(real);
    },
  };
}

interface Folder {
  readonly path: string;
  readonly name: string;
}

function leadsOut({ name }: Folder): Error {
  return new Error(`--untrusted: it leads out of ${name} (move the file there)`);
}

/** For files that the config names: its folder. */
export function folderOfConfig(configPath: string): Folder {
  return { path: folderOf(configPath), name: "the folder of the config" };
}

/**
 * For files that the command line names: the working directory, which a pull request may have filled with links. Where the
 * command line itself leads elsewhere, it is the folder there. Stdin is no link of anybody's.
 */
export function folderOfNamed(path: string): Folder | undefined {
  if (path === STDIN) return undefined;
  return isWithin(path, ".")
    ? { path: ".", name: "the working directory" }
    : { path: dirname(path), name: "the folder that it is named in" };
}

function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** Where calls go, within AWS; no secret, and what definitions are usually about. */
const REGIONS: ReadonlySet<string> = new Set(["AWS_REGION", "AWS_DEFAULT_REGION"]);

/**
 * What templates see of the environment in a run whose files are not trusted: the variables of the envfiles, and the
 * region. All others may be secrets of the machine, which a template could print or send.
 */
export function limitEnvironment(
  env: Pick<Environment, "get">,
  ofEnvfiles: ReadonlyMap<string, string>,
): Pick<Environment, "get"> {
  return {
    get(name) {
      const value = ofEnvfiles.get(name) ?? env.get(name);
      if (!value || ofEnvfiles.has(name) || REGIONS.has(name)) return value;
      throw new TemplateValueError(
        "--untrusted: files see no variables of the environment but those of envfiles (give it with --envfile)",
      );
    },
  };
}

/** What the program, its runtime, the AWS SDK and the system read. */
const MEANINGFUL =
  /^(?:(?:AWS|ECSPRESSO|GITHUB|ACTIONS|RUNNER|DENO|NODE|NPM|SSL|LD|DYLD|XDG)_.*|.*_PROXY|(?:JSONNET_)?PATH|REQUESTS_CA_BUNDLE|HOME|USERPROFILE|TMPDIR|TMP|TEMP|SHELL|COMSPEC|ENV|IFS)$/i;

/** Why an envfile that is not trusted may not set a variable; `undefined` where it may. */
export function refuseVariable(name: string): string | undefined {
  if (!MEANINGFUL.test(name) || REGIONS.has(name)) return undefined;
  return `--untrusted: an envfile may not set ${name}, which decides more than what templates say (take it out)`;
}

function refuse(): never {
  throw new TemplateValueError("--untrusted: nothing is looked up in AWS for a file (write the value itself)");
}

/** In place of what looks values up in AWS: for files that are not trusted, which could print or send any of them. */
export const NO_LOOKUPS: ValueSources = {
  readParameter: refuse,
  findSecretArn: refuse,
  readStackOutputs: refuse,
  readStackExports: refuse,
  readObject: refuse,
};

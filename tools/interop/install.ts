import { Skipped } from "./check.ts";
import type { Processes } from "./processes.ts";

/** Everything is installed in here, and found here the next time. To get newer versions, remove the folder. */
const CACHE = "node_modules/.cache/interop";
const KAYAC = "github.com/kayac/ecspresso/v2/cmd/ecspresso@latest";
const PYTHON_PACKAGES = ["moto[server]==5.2.5", "awscli==1.46.3"];
const INSTALL_MS = 15 * 60_000;
const ASK_MS = 60_000;

/** The programs that are not ours, by their paths. Each is installed when it is first asked for. */
export interface Tools {
  /** Kayac's ecspresso. Rejects with a `Skipped` when it cannot be had. */
  kayac(): Promise<string>;
  /** The AWS CLI and moto's server. Rejects with a `Skipped` when they cannot be had. */
  python(): Promise<{ readonly aws: string; readonly motoServer: string }>;
}

/** @param print is told what is being installed, for it can take minutes */
export function createTools(processes: Processes, print: (line: string) => void): Tools {
  return {
    kayac: once(() => installKayac(processes, print)),
    python: once(() => installPython(processes, print)),
  };
}

function once<T>(act: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => result ??= act();
}

async function installKayac(processes: Processes, print: (line: string) => void): Promise<string> {
  const cache = await cacheFolder();
  const path = `${cache}/go/bin/ecspresso`;
  if (!await exists(path)) {
    print(`# go install ${KAYAC}`);
    // Module cache and all: nothing of it is to stay when the folder is removed, nor to be in the way of removing it.
    const env = {
      ...Deno.env.toObject(),
      GOPATH: `${cache}/go`,
      GOMODCACHE: `${cache}/go/mod`,
      GOBIN: `${cache}/go/bin`,
    };
    await succeed(processes, ["go", "install", "-modcacherw", KAYAC], "Go", env);
  }
  print(`# Kayac's ecspresso: ${await succeed(processes, [path, "version"], "Kayac's ecspresso")}`);
  return path;
}

async function installPython(processes: Processes, print: (line: string) => void) {
  const environment = `${await cacheFolder()}/python`;
  const bin = `${environment}/bin`;
  // Written last: an installation that was interrupted, or is one of other versions, is made anew.
  const mark = `${environment}/installed.txt`;
  const packages = PYTHON_PACKAGES.join("\n");
  if (!await exists(mark) || await Deno.readTextFile(mark) !== packages) {
    print(`# pip install ${PYTHON_PACKAGES.join(" ")}`);
    await succeed(processes, ["python3", "-m", "venv", "--clear", environment], "Python");
    await succeed(processes, [`${bin}/pip`, "install", "--quiet", ...PYTHON_PACKAGES], "pip");
    await Deno.writeTextFile(mark, packages);
  }
  return { aws: `${bin}/aws`, motoServer: `${bin}/moto_server` };
}

/** Runs a step of an installation and returns what it printed. Throws a `Skipped` that says why when it fails. */
async function succeed(
  processes: Processes,
  command: readonly string[],
  name: string,
  env: Record<string, string> = Deno.env.toObject(),
): Promise<string> {
  const isInstalling = command.includes("install") || command.includes("venv");
  const ended = await processes.run({ command, env, timeoutMs: isInstalling ? INSTALL_MS : ASK_MS }).catch((error) => {
    throw new Skipped(error instanceof Deno.errors.NotFound ? `${name} is not on this machine` : error.message);
  });
  if (ended.code === 0) return ended.stdout.trim();
  throw new Skipped(`"${command.join(" ")}" failed: ${lastLines(ended.stderr || ended.stdout)}`);
}

/** As much of the end of an output as fits on a line. */
function lastLines(output: string): string {
  return output.trim().split("\n").slice(-3).map((line) => line.trim()).join(" / ");
}

async function cacheFolder(): Promise<string> {
  await Deno.mkdir(CACHE, { recursive: true });
  return await Deno.realPath(CACHE);
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

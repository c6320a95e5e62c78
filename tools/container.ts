/**
 * Tries the container image without an engine: `deno task container [EXECUTABLE]`, dist/ecspresso when none is named.
 * The root file system of the Dockerfile's last stage is made of the same Debian packages, and the executable is run in
 * it as `docker run --read-only --volume FOLDER:/work:ro` would: read-only, as the image's user, without capabilities.
 * The first stage, the layers and the engine itself are not tried.
 */

import { CHECKS, FILES } from "./container/checks.ts";
import { readDockerfile } from "./container/read_dockerfile.ts";
import { makeRoot } from "./container/root_file_system.ts";

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

/** Why nothing can be tried on this machine. */
async function obstacle(): Promise<string | undefined> {
  if (Deno.build.os !== "linux") return "it needs Linux";
  if (Deno.uid() !== 0) return "it needs root";
  for (const program of ["debootstrap", "unshare", "openssl"]) {
    try {
      await new Deno.Command(program, { args: ["--version"], stdout: "null", stderr: "null" }).output();
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return `the command ${program} is missing`;
      throw error;
    }
  }
  return undefined;
}

async function main(executable: string): Promise<boolean> {
  const reason = await obstacle();
  if (reason !== undefined) {
    console.log(`skipped: the container is not tried: ${reason}`);
    return true;
  }
  if (!await exists(executable)) throw new Error(`${executable} is missing: run deno task compile first`);
  const image = readDockerfile(await Deno.readTextFile("Dockerfile"));
  const folder = await Deno.makeTempDir({ prefix: "ecspresso-container-" });
  const container = { root: `${folder}/root`, work: `${folder}/work`, image };
  try {
    // The image's user has to get through.
    await Deno.chmod(folder, 0o755);
    await Deno.mkdir(container.work);
    for (const [name, text] of Object.entries(FILES)) await Deno.writeTextFile(`${container.work}/${name}`, text);
    console.log(`Debian ${image.suite} with ${image.packages.join(", ")}, as ${image.user}, read-only`);
    await makeRoot(container.root, image, executable);
    let failed = 0;
    for (const check of CHECKS) {
      const problem = await check.run(container);
      console.log(problem === undefined ? `ok      ${check.name}` : `FAILED  ${check.name}: ${problem}`);
      if (problem !== undefined) failed++;
    }
    return failed === 0;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

try {
  if (!await main(Deno.args[0] ?? "dist/ecspresso")) Deno.exit(1);
} catch (error) {
  console.error(`container: ${error instanceof Error ? error.message : error}`);
  Deno.exit(1);
}

const IS_WINDOWS = Deno.build.os === "windows";
const ABSOLUTE = IS_WINDOWS ? /^(?:[A-Za-z]:)?[\\/]/ : /^\//;

/**
 * Refuses a program that `PATH` finds by an entry which is empty, or no absolute path: what is in the working directory may
 * be anybody's. So do programs in Go, such as Kayac's ecspresso: https://pkg.go.dev/os/exec#hdr-Executables_in_the_current_directory
 *
 * @param directory where the program is to run
 * @throws Error with the file that would be run
 */
export function refuseRelativePath(program: string, directory: string, path = Deno.env.get("PATH") ?? ""): void {
  const endings = IS_WINDOWS ? (Deno.env.get("PATHEXT") ?? ".COM;.EXE;.BAT;.CMD").split(";") : [""];
  for (const entry of path.split(IS_WINDOWS ? ";" : ":")) {
    // Deno looks in our working directory, and the system in the program's.
    const folders = ABSOLUTE.test(entry) ? [entry] : [`${directory}/${entry}`, `./${entry}`];
    const found = folders.flatMap((folder) => endings.map((ending) => `${folder}/${program}${ending}`))
      .find(isExecutable);
    if (found === undefined) continue;
    if (ABSOLUTE.test(entry)) return;
    const named = found.replaceAll(/\/(?:\.?\/)+/g, "/");
    throw new Error(`it would be ${named}, by an entry of PATH that is no absolute path (take that entry out of PATH)`);
  }
}

function isExecutable(file: string): boolean {
  try {
    const { isFile, mode } = Deno.statSync(file);
    return isFile && (mode === null || (mode & 0o111) !== 0);
  } catch {
    return false;
  }
}

/** The TypeScript files in `directory` and below it, with their paths starting with `directory`, in order. */
export async function sourceFiles(directory: string): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(directory));
  const found = await Promise.all(entries.map(({ name, isDirectory }) => {
    const path = `${directory}/${name}`;
    if (isDirectory) return sourceFiles(path);
    return path.endsWith(".ts") ? [path] : [];
  }));
  return found.flat().sort();
}

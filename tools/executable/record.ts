/** The program, which keeps the code of all scripts that it has loaded as it ends: beside them. */

/** What an executable carries cannot be written to; it was made of these. */
const DIRECTORY = Deno.build.standalone ? "dist/js" : import.meta.dirname;

const moduleOf = (name: string) => import(new URL(name, import.meta.url).href);

const { codeOf, scripts }: typeof import("./load_script.ts") = await moduleOf("./load_script.js");

// The program gives up writing, which is still to come here.
Deno.permissions.revokeSync = (permission) => Deno.permissions.querySync(permission);

addEventListener("unload", () => {
  for (const [name, { script }] of scripts) {
    Deno.writeFileSync(`${DIRECTORY}/${codeOf(name)}`, script.createCachedData());
  }
});

await moduleOf("./main.js");

/** The program, which keeps the code of all scripts that it has loaded as it ends: in `dist/js`, beside them. */

const moduleOf = (name: string) => import(new URL(name, import.meta.url).href);

const { codeOf, scripts }: typeof import("./load_script.ts") = await moduleOf("./load_script.js");

// The program gives up writing, which is still to come here.
Deno.permissions.revokeSync = (permission) => Deno.permissions.querySync(permission);

addEventListener("unload", () => {
  for (const [name, { script }] of scripts) Deno.writeFileSync(`dist/js/${codeOf(name)}`, script.createCachedData());
});

await moduleOf("./main.js");

import { start } from "./src/app/start.ts";

Deno.exit(await start(Deno.args));

import { run } from "./src/app/run.ts";
import { systemHost } from "./src/host.ts";

Deno.exit(await run(systemHost()));

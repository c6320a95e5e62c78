import { run } from "./src/app/run.ts";
import { systemHost } from "./src/host/system_host.ts";

Deno.exit(await run(systemHost()));

import { run } from "./src/cli/run.ts";
import { systemHost } from "./src/host.ts";

Deno.exit(await run(systemHost()));

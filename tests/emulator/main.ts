/**
 * The emulator for any client.
 *
 * `deno run --allow-net=127.0.0.1 tests/emulator/main.ts [--scenario NAME] [--port N] [--speed N] [--list]`
 */
import { parseArgs } from "node:util";
import { createScenario, SCENARIOS } from "./scenarios.ts";
import { startEmulatorServer } from "./server.ts";

const REGION = "ap-northeast-1";

const { values } = parseArgs({
  args: Deno.args,
  options: {
    scenario: { type: "string", default: "crash_loop" },
    port: { type: "string", default: "0" },
    speed: { type: "string", default: "1" },
    list: { type: "boolean", default: false },
  },
});

if (values.list) {
  for (const [name, { description }] of Object.entries(SCENARIOS)) console.log(`${name.padEnd(30)}${description}`);
} else {
  const emulator = createScenario(values.scenario, { region: REGION });
  const server = await startEmulatorServer(emulator, { port: Number(values.port), speed: Number(values.speed) });
  console.log(`# ${values.scenario}: ${SCENARIOS[values.scenario]?.description}`);
  console.log(`export AWS_ENDPOINT_URL=${server.url}`);
  console.log(`export AWS_REGION=${REGION} AWS_DEFAULT_REGION=${REGION}`);
  console.log("export AWS_ACCESS_KEY_ID=emulator AWS_SECRET_ACCESS_KEY=emulator AWS_SESSION_TOKEN=");
  console.log("# Ctrl-C stops it");
}

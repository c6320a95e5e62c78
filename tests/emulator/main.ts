/**
 * The emulator for any client: `deno task emulator [--scenario NAME] [--port N] [--speed N] [--list]`. Exits with 2 and
 * one line when it does not understand its options.
 */
import { parseArgs } from "node:util";
import { DEPLOY_ROLE } from "./myservice.ts";
import { createScenario, SCENARIOS } from "./scenarios.ts";
import { startEmulatorServer } from "./server.ts";

const REGION = "ap-northeast-1";
const USAGE = "usage: deno task emulator [--scenario NAME] [--port N] [--speed N] [--list]";

/** @throws Error that says what is not understood */
function readOptions() {
  const { values: { scenario, port, speed, ...values } } = parseArgs({
    args: Deno.args,
    options: {
      scenario: { type: "string", default: "crash_loop" },
      port: { type: "string", default: "0" },
      speed: { type: "string", default: "1" },
      list: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (!/^\d+$/.test(port) || Number(port) > 65_535) throw new Error(`--port ${port} is no port: 0 to 65535`);
  if (!(Number(speed) > 0)) throw new Error(`--speed ${speed} is not above 0: emulated seconds in a real one`);
  return {
    ...values,
    port: Number(port),
    speed: Number(speed),
    scenario,
    emulator: createScenario(scenario, { region: REGION }),
  };
}

async function serve({ scenario, emulator, port, speed }: ReturnType<typeof readOptions>): Promise<void> {
  const server = await startEmulatorServer(emulator, { port, speed });
  console.log(`# ${scenario}: ${SCENARIOS[scenario]?.description}`);
  console.log(`export AWS_ENDPOINT_URL=${server.url}`);
  console.log(`export AWS_REGION=${REGION} AWS_DEFAULT_REGION=${REGION}`);
  console.log("export AWS_ACCESS_KEY_ID=emulator AWS_SECRET_ACCESS_KEY=emulator AWS_SESSION_TOKEN=");
  console.log(`# a role that these may assume: ${DEPLOY_ROLE}`);
  console.log("# Ctrl-C stops it");
}

try {
  const options = readOptions();
  if (options.help) console.log(USAGE);
  else if (options.list) {
    for (const [name, { description }] of Object.entries(SCENARIOS)) console.log(`${name.padEnd(30)}${description}`);
  } else await serve(options);
} catch (error) {
  console.error(`emulator: ${error instanceof Error ? error.message : error}\n${USAGE}`);
  Deno.exit(2);
}

/**
 * `deno task demo`: the main job, seen happening. Starts the embedded ECS with `myservice`, whose current revision 4
 * crashes in a loop while 3 was good, rolls it back with the real program as a process of its own, and shows the
 * service before and after. Exits with 0 only when the service really runs revision 3.
 */
import type { WorldState } from "../tests/emulator/emulator.ts";
import { createScenario } from "../tests/emulator/scenarios.ts";
import { startEmulatorServer } from "../tests/emulator/server.ts";

/** A deployment of some thirty seconds passes in about six. */
const SPEED = 6;
const TARGET = "myservice:3";
const ARGS = ["rollback", "--config", "examples/ecspresso.yml", "--revision", "3"];

// On a fresh machine this is what fetches the packages: quietly, and before the log begins.
const installed = await new Deno.Command(Deno.execPath(), { args: ["install", "--quiet", "--frozen"] }).spawn().status;
if (!installed.success) Deno.exit(installed.code);

const emulator = createScenario("crash_loop", { startAtMs: Date.now() - 10 * 60_000 });
show("Before", emulator.state());
const server = await startEmulatorServer(emulator, { speed: SPEED });
console.log(`$ ecspresso ${ARGS.join(" ")}`);
const { code } = await new Deno.Command(Deno.execPath(), {
  args: [
    "run",
    "--no-prompt",
    "--cached-only",
    "--allow-env",
    "--allow-read",
    "--allow-net",
    "--allow-sys",
    "main.ts",
    ...ARGS,
  ],
  env: {
    AWS_ENDPOINT_URL: server.url,
    AWS_ACCESS_KEY_ID: "emulator",
    AWS_SECRET_ACCESS_KEY: "emulator",
    // Neither the user's own profile nor a company's proxy has a part in this.
    AWS_PROFILE: "",
    AWS_SESSION_TOKEN: "",
    NO_PROXY: "127.0.0.1",
  },
  stdin: "null",
}).spawn().status;
await server.close();
show("After", emulator.state());

const service = emulator.state().services["default/myservice"];
const isThere = service?.taskDefinition === TARGET && service.runningCount === service.desiredCount &&
  service.deployments.every(({ taskDefinition, rolloutState }) =>
    taskDefinition === TARGET && rolloutState === "COMPLETED"
  );
console.log(
  code === 0 && isThere
    ? `\nThe service runs ${TARGET}: ${service.runningCount} of ${service.desiredCount} tasks.`
    : `\nThe demo failed: exit code ${code}, the service is at ${service?.taskDefinition}.`,
);
Deno.exit(code === 0 && isThere ? 0 : 1);

function show(when: string, { services }: WorldState): void {
  for (const [name, { taskDefinition, desiredCount, runningCount, deployments }] of Object.entries(services)) {
    console.log(`\n${when}: ${name} at ${taskDefinition}, ${runningCount} of ${desiredCount} tasks running`);
    for (const deployment of deployments) {
      console.log(`  ${deployment.status.padEnd(8)}${deployment.taskDefinition} ${deployment.rolloutState}`);
    }
  }
  console.log();
}

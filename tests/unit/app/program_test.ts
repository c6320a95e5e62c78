import assert from "node:assert/strict";
import { Help } from "@commander-js/extra-typings";
import { newContext } from "../../../src/session/context.ts";
import { buildLazyProgram, buildProgram } from "../../../src/app/program.ts";
import { run } from "../../../src/app/run.ts";
import { madeUpHost } from "../../made_up_host.ts";
import { VirtualClock } from "../../virtual_clock.ts";

const hostFor = (...args: string[]) => madeUpHost({ args, clock: new VirtualClock(0), exit: () => {} });

Deno.test("the list of commands says of each what its definition makes of it", async () => {
  const program = await buildProgram(newContext(hostFor().host));
  const listed = program.createHelp();
  const commands = listed.visibleCommands(program);
  assert.ok(commands.length > 10);
  for (const command of commands) assert.equal(listed.subcommandTerm(command), new Help().subcommandTerm(command));
});

Deno.test("no command is defined before it is typed", () => {
  const { program } = buildLazyProgram(newContext(hostFor().host), () => {});
  assert.deepEqual(program.commands.flatMap(({ options }) => options), []);
});

Deno.test("help COMMAND says what COMMAND --help says", async () => {
  const [asked, typed] = [hostFor("help", "rollback"), hostFor("rollback", "--help")];
  assert.equal(await run(asked.host), 0);
  assert.equal(await run(typed.host), 0);
  assert.match(typed.written.stdout, /--revision <revision>/);
  assert.equal(asked.written.stdout, typed.written.stdout);
});

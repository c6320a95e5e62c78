import assert from "node:assert/strict";
import type { Option } from "@commander-js/extra-typings";
import { buildProgram } from "../../../src/app/program.ts";
import { visibleOptions } from "../../../src/commands/format_help.ts";
import { newContext } from "../../../src/session/context.ts";
import { DEFINITION_FILES } from "../../definition_files.ts";
import { myservice } from "../../emulator/myservice.ts";
import { runInProcess } from "../../in_process.ts";
import { madeUpHost } from "../../made_up_host.ts";
import { VirtualClock } from "../../virtual_clock.ts";

/** Every option that the help of a command lists, the command takes: typed with what it needs beside it. */

/** What makes a command whole: the first line that an option goes together with is taken. */
const LINES: Readonly<Record<string, readonly string[]>> = {
  deploy: ["", "--dry-run", "--skip-task-definition --force-new-deployment"],
  rollback: [
    "--revision 3",
    "--revision stable",
    "--revision 3 --bake 5m",
    "--dry-run --revision 3",
    "--plan plan.json",
    "",
  ],
  deregister: ["--revision 1", "--dry-run --revision 1", ""],
  register: ["", "--dry-run"],
  diff: ["", "--revision 3"],
  revisions: ["", "--deployments"],
  scale: ["--tasks 2", "--dry-run --tasks 2", "--resume-auto-scaling", "--suspend-auto-scaling"],
  render: ["config"],
  wait: ["", "--bake 5m"],
  hold: ["--for 2h", "--release", "--for 2h --dry-run"],
  completion: ["bash"],
};
const NAMED = "--service myservice --region ap-northeast-1";

/** A value for each option that takes one of many, or of many commands the same. */
const VALUES: Readonly<Record<string, string>> = {
  "--alarm": "web-5xx",
  "--at": "2023-01-01T12:08:00Z",
  "--assume-role-arn": "arn:aws:iam::123456789012:role/deploy",
  "--bake": "5m",
  "--cluster": "default",
  "--config": "ecspresso.yml",
  "--deployment": "abcdefghijklmnopqrstu",
  "--envfile": "a.env",
  "--ext-code": "a=1",
  "--ext-str": "a=b",
  "--fleet": "fleet.yml",
  "--from": "4",
  "--image-tag": "1.1.0",
  "--if-deployed-within": "60m",
  "--keeps": "3",
  "--min-served": "1m",
  "--plan": "plan.json",
  "--plan-out": "new.json",
  "--region": "ap-northeast-1",
  "--revision": "3",
  "--rollback-events": "DEPLOYMENT_FAILURE",
  "--service": "myservice",
  "--service-definition-path": "s.json",
  "--service-tag": "a=b",
  "--since": "1h",
  "--task-definition-path": "t.json",
  "--timeout": "1m",
};

const FILES = {
  ...DEFINITION_FILES,
  "a.env": "A=1\n",
  "fleet.yml": "services:\n  - config: ecspresso.yml\n",
};

const { host } = madeUpHost({ args: [], clock: new VirtualClock(0), exit: () => {} });
const program = await buildProgram(newContext(host));

for (const command of program.commands) {
  const name = command.name();
  for (const option of visibleOptions(command).filter(({ long }) => long !== "--help")) {
    Deno.test(`${name} takes ${option.long}, which its help lists`, async () => {
      const said: string[] = [];
      const lines = LINES[name] ?? [""];
      for (const line of [...lines, ...lines.map((line) => `${line} ${NAMED}`)]) {
        const { code, stderr } = await run(name, line, option);
        if (code !== 2) return;
        said.push(stderr);
      }
      assert.fail(said.join("\n"));
    });
  }
}

function run(name: string, line: string, option: Option) {
  const words = line.split(" ").filter((word) => word !== "");
  const at = words.indexOf(option.long!);
  // It takes the place of what the line has of it.
  if (at >= 0) words.splice(at, option.isBoolean() || option.negate ? 1 : 2);
  return runInProcess(myservice(), [name, ...words, ...typed(option)], { files: FILES });
}

function typed(option: Option): string[] {
  const { long, argChoices } = option;
  if (option.isBoolean() || option.negate) return [long!];
  return [long!, argChoices?.[0] ?? VALUES[long!] ?? "1"];
}

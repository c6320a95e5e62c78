import assert from "node:assert/strict";
import { type Ending, EXIT, EXIT_CODES, renderExitCodes } from "../../../src/report/exit_code.ts";
import { DEFINITION_FILES } from "../../definition_files.ts";
import { readDocument, readTranscripts } from "../../documents.ts";
import { accessDenied, throttle } from "../../emulator/faults.ts";
import { myservice } from "../../emulator/myservice.ts";
import { runInProcess, type RunOptions } from "../../in_process.ts";

/** A command line of each that asks AWS, and one that prints a result. */
const LINES = {
  deploy: { asks: "deploy", prints: "deploy --dry-run" },
  rollback: { asks: "rollback --revision 3", prints: "rollback --revision 3 --dry-run" },
  hold: { asks: "hold --for 2h", prints: "hold --for 2h --dry-run" },
  scale: { asks: "scale --tasks 3", prints: "scale --tasks 3 --dry-run" },
  wait: { asks: "wait", prints: "wait --output json" },
  status: { asks: "status", prints: "status" },
  history: { asks: "history", prints: "history" },
  diff: { asks: "diff", prints: "diff --revision 3" },
  verify: { asks: "verify --revision 3", prints: "verify --revision 3" },
  register: { asks: "register", prints: "register --dry-run" },
  revisions: { asks: "revisions", prints: "revisions" },
  deregister: { asks: "deregister --revision 1", prints: "deregister --revision 1 --dry-run" },
  render: { asks: "render taskdef", prints: "render config" },
  init: { asks: "init --service myservice", prints: "init --service myservice" },
  completion: { asks: undefined, prints: "completion bash" },
} as const satisfies Readonly<Record<string, { readonly asks?: string; readonly prints: string }>>;
type CommandName = keyof typeof LINES;
const COMMANDS = Object.keys(LINES) as CommandName[];

/** By command, the exit codes that its help lists. */
const LISTED = new Map(
  await Promise.all(COMMANDS.map(async (command) => {
    const [, listed = ""] = (await readDocument(`tests/transcripts/help_${command}.txt`)).split("\nExit codes:\n");
    const codes = [...listed.matchAll(/^ {2}(\d[\d, ]*) {2}/gm)].flatMap(([, row]) => row!.split(", ").map(Number));
    return [command, codes] as const;
  })),
);
const codesOf = (command: CommandName) => LISTED.get(command)!;
const endingsOf = (command: CommandName) =>
  (Object.keys(EXIT_CODES) as Ending[]).filter((ending) => {
    const listed = EXIT_CODES[ending].codes.filter((code) => codesOf(command).includes(code));
    assert.ok(listed.length === 0 || listed.length === EXIT_CODES[ending].codes.length, `${command}: ${ending}`);
    return listed.length > 0;
  });

/** By command, the codes that transcripts show it ending with. */
async function readShown(): Promise<ReadonlyMap<CommandName, ReadonlySet<number>>> {
  const shown = new Map<CommandName, Set<number>>(COMMANDS.map((command) => [command, new Set()]));
  for (const transcript of (await readTranscripts()).values()) {
    const words = transcript.slice(0, transcript.indexOf("\n")).split(" ");
    const command = COMMANDS.find((name) => words.includes(name));
    const code = /^--- exit code (\d+)$/m.exec(transcript)?.[1];
    if (command !== undefined) shown.get(command)!.add(Number(code));
  }
  return shown;
}

Deno.test("the table of exit codes has each once, and those of EXIT under their names", () => {
  const codes = Object.values(EXIT_CODES).flatMap((row) => row.codes);
  assert.deepEqual(codes, [...Object.values(EXIT), 129, 130, 131, 143]);
  for (const [ending, code] of Object.entries(EXIT)) assert.deepEqual(EXIT_CODES[ending as Ending].codes, [code]);
});

Deno.test("no transcript of a command ends with a code that its help does not list", async () => {
  const shown = await readShown();
  for (const command of COMMANDS) {
    const listed = codesOf(command);
    assert.deepEqual([...shown.get(command)!].filter((code) => !listed.includes(code)), [], command);
  }
});

Deno.test("every command has a help that lists its exit codes, 0 to 2 among them", async () => {
  const helps = [...(await readTranscripts()).keys()].flatMap((name) => /^help_(\w+)\.txt$/.exec(name)?.[1] ?? []);
  for (const command of COMMANDS) {
    assert.ok(helps.includes(command), command);
    assert.deepEqual([0, 1, 2].filter((code) => !codesOf(command).includes(code)), [], command);
  }
  const list = (await readDocument("tests/transcripts/help.txt")).split("\nCommands:\n")[1]!.split("\n\n")[0]!;
  const names = [...list.matchAll(/^ {2}(\w+)/gm)].map(([, name]) => name);
  assert.deepEqual(names.filter((name) => name !== "help").toSorted(), COMMANDS.toSorted());
});

Deno.test("in a help, the words of all exit codes begin in one column, behind the codes", () => {
  const all = Object.fromEntries(Object.keys(EXIT_CODES).map((ending) => [ending, true]));
  const [, ...rows] = renderExitCodes(all).split("\n");
  const begins = rows.map((row) => /^ {2}(?:\d[\d, ]*(?= {2}))? +/.exec(row)?.[0].length);
  assert.equal(new Set(begins).size, 1, rows.join("\n"));
});

const ASKING = {
  ...DEFINITION_FILES,
  "ecs-task-def.json": DEFINITION_FILES["ecs-task-def.json"]!.replace('"myservice"', '"{{ ssm `/family` }}"'),
};

/** What makes any command end like this; what is not here is shown by transcripts, or by nothing: a defect. */
const DEMONSTRATIONS: Readonly<Partial<Record<Ending, (command: CommandName) => Promise<number>>>> = {
  usage: (command) => exitCodeOf(`${command} --no-such-option`, {}),
  config: (command) => exitCodeOf(LINES[command].asks ?? "", { files: {} }),
  aws: (command) => exitCodeOf(LINES[command].asks ?? "", filesOf(command), accessDenied()),
  timedOut: (command) => exitCodeOf(`${LINES[command].asks} --timeout 1`, filesOf(command), throttle()),
  stopped: (command) => {
    const stopAfterCalls = { calls: 1, signal: "SIGTERM" } as const;
    return exitCodeOf(LINES[command].asks ?? "", { ...filesOf(command), stopAfterCalls }, throttle());
  },
  incomplete: (command) =>
    exitCodeOf(LINES[command].prints, { files: DEFINITION_FILES, stdoutFailure: "No space left on device" }),
};

function filesOf(command: CommandName): RunOptions {
  if (command === "init") return { files: {}, env: { AWS_REGION: "ap-northeast-1" } };
  return { files: command === "render" ? ASKING : DEFINITION_FILES };
}

async function exitCodeOf(line: string, options: RunOptions, effect?: ReturnType<typeof throttle>): Promise<number> {
  const emulator = myservice();
  if (effect !== undefined) emulator.inject({ times: Infinity, effect });
  return (await runInProcess(emulator, line.split(" "), options)).code;
}

Deno.test("each command can end as its help says, and no otherwise", async () => {
  const shown = await readShown();
  for (const command of COMMANDS) {
    const seen = new Set(shown.get(command)!);
    for (const ending of endingsOf(command)) {
      const code = await DEMONSTRATIONS[ending]?.(command);
      if (code !== undefined) seen.add(code);
      if (ending === "unforeseen") continue;
      assert.ok(
        EXIT_CODES[ending].codes.some((one) => seen.has(one)),
        `${command}: nothing shows ${ending}, but ${code}`,
      );
    }
    assert.deepEqual([...seen].filter((code) => !codesOf(command).includes(code)), [], command);
  }
});

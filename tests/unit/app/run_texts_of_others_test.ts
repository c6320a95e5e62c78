import assert from "node:assert/strict";
import { run } from "../../../src/app/run.ts";
import { DEFINITION_FILES } from "../../definition_files.ts";
import { crashLoop } from "../../emulator/behaviours.ts";
import type { Emulator } from "../../emulator/emulator.ts";
import { accessDenied } from "../../emulator/faults.ts";
import { myservice } from "../../emulator/myservice.ts";
import { readEvents } from "../../event_schema.ts";
import { findInvisible, INVISIBLE_TEXT } from "../../invisible_characters.ts";
import { CONFIG_FILES, emulatorHandler, runInProcess } from "../../in_process.ts";
import { type MadeUp, madeUpHost } from "../../made_up_host.ts";
import { VirtualClock } from "../../virtual_clock.ts";

/** Members of AWS's answers that hold words, and not names that other calls need. */
const WORDS = /^(?:message|Message|.*[rR]eason|statusReason|image|lifecycleStage|detail|description)$/;

type Json = Parameters<typeof JSON.stringify>[0];

function withHidden(value: Json): Json {
  if (Array.isArray(value)) return value.map(withHidden);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).map(([name, member]) => {
    return [name, typeof member === "string" && WORDS.test(name) ? member + INVISIBLE_TEXT : withHidden(member)];
  });
  return Object.fromEntries(members);
}

/** Runs a command on AWS's answers with invisible characters in all words. */
async function runWith(emulator: Emulator, args: readonly string[], made: Partial<MadeUp> = {}) {
  Deno.env.set("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
  Deno.env.set("AWS_SECRET_ACCESS_KEY", "example");
  const { host, written, files } = madeUpHost({
    files: DEFINITION_FILES,
    ...made,
    env: { TAG: "1.4.0", ...made.env },
    args,
    clock: new VirtualClock(emulator.now(), (ms) => emulator.advance(ms)),
    exit: (code) => assert.fail(`the program ended itself with ${code}`),
  });
  const honest = emulatorHandler(emulator);
  const code = await run(host, {
    ...honest,
    async handle(...asked: Parameters<typeof honest.handle>) {
      const answer = await honest.handle(...asked);
      const text = new TextDecoder().decode(answer.response.body);
      if (text !== "") answer.response.body = new TextEncoder().encode(JSON.stringify(withHidden(JSON.parse(text))));
      return answer;
    },
  });
  return { code, ...written, files };
}

/** Nothing is hidden in any of the texts, and all of them together show what would have been. */
function assertShown(texts: Readonly<Record<string, string | undefined>>): void {
  for (const [name, text = ""] of Object.entries(texts)) {
    // The live display's own: colours, and how it draws its lines anew.
    const others = text.replace(/\x1b\[(?:\d*m|A|2K)|\r(?=\x1b\[2K)/g, "");
    assert.deepEqual(findInvisible(others), [], `${name}: ${JSON.stringify(others)}`);
  }
  const all = Object.values(texts).join("");
  for (const shown of ["\\u{202e}", "\\u{2028}", "\\u{9f}", "\\u{200d}", "\\u{e0000}", "\\u{d800}", "\\u{1b}"]) {
    assert.ok(all.includes(shown), `nowhere ${shown}`);
  }
}

const failing = () => myservice({ behaviours: { 4: crashLoop(), 5: crashLoop() } });

Deno.test("what ECS says of a failed deploy hides nothing: log, live display, annotations, summary", async () => {
  const plain = await runWith(failing(), ["deploy", "--rollback-events=DEPLOYMENT_FAILURE", "--debug", "--timeout=3m"]);
  assert.notEqual(plain.code, 0);
  assertShown({ stdout: plain.stdout, stderr: plain.stderr });

  const live = await runWith(failing(), ["deploy", "--timeout=3m"], {
    isTerminal: true,
    typed: ["y"],
    env: { TERM: "xterm" },
  });
  assertShown({ stdout: live.stdout, stderr: live.stderr });

  const env = { GITHUB_ACTIONS: "true", GITHUB_STEP_SUMMARY: "summary.md", GITHUB_OUTPUT: "outputs" };
  const github = await runWith(failing(), ["deploy", "--timeout=3m"], { env });
  assertShown({ stderr: github.stderr });
  assertShown({ summary: github.files.get("summary.md") });
  assert.deepEqual(findInvisible(github.files.get("outputs") ?? "none"), []);
});

Deno.test("NDJSON and JSON logs escape what is hidden, and say the same to a parser", async () => {
  const { stdout, stderr } = await runWith(failing(), ["deploy", "--output=json", "--log-format=json", "--timeout=3m"]);
  assert.deepEqual(findInvisible(stdout + stderr), []);
  const said = JSON.stringify(readEvents(stdout));
  assert.ok(said.includes(JSON.stringify(INVISIBLE_TEXT).slice(1, -1)), said);
});

Deno.test("what stands in the register hides nothing: status, revisions, plan, diff", async () => {
  const commands = [["status"], ["revisions", "--output=table"], ["revisions", "--output=tsv"], ["diff"]];
  for (const args of [...commands, ["rollback", "--revision=3", "--dry-run"]]) {
    const { code, stdout } = await runWith(myservice({ behaviours: { 4: crashLoop() } }), args);
    assert.equal(code, 0, args.join(" "));
    // Tabs stand between the columns of tsv only.
    assertShown({ [args.join(" ")]: stdout.replaceAll("\t", " ") + HIDDEN_SHOWN });
  }
  const one = await runWith(myservice(), ["revisions", "--revision=3"]);
  assert.deepEqual(findInvisible(one.stdout), []);
  assert.ok(JSON.parse(one.stdout).containerDefinitions[0].image.endsWith(INVISIBLE_TEXT));
});

/** For outputs that need not have all of it. */
const HIDDEN_SHOWN = "\\u{202e}\\u{2028}\\u{9f}\\u{200d}\\u{e0000}\\u{d800}\\u{1b}";

Deno.test("an error of AWS, the config, a file's name, a question and an argument hide nothing", async () => {
  const name = `my${INVISIBLE_TEXT.replaceAll("\x00", "")}`;
  const config = JSON.stringify({ region: "ap-northeast-1", cluster: "default", service: name });
  const denied = myservice();
  denied.inject({ operation: "DescribeServices", effect: accessDenied() });
  const runs = [
    runWith(denied, ["rollback", "--revision=3"]),
    runInProcess(myservice(), ["status", "--config=c.json"], { files: { "c.json": config } }),
    runInProcess(myservice(), ["status", `--config=${name}`], {}),
    runInProcess(myservice(), ["status", `--envfile=${name}`], { files: { ...CONFIG_FILES, [name]: "A=\x00" } }),
    runInProcess(myservice(), ["status", `--${name}`], {}),
    runInProcess(myservice(), [name], {}),
    runInProcess(myservice(), ["rollback", `--revision=${name}`], {}),
    runInProcess(myservice(), ["status"], { files: { "ecspresso.yml": `service: "${name}` } }),
    runInProcess(myservice(), ["status"], { files: { "ecspresso.yml": `service: myservice\n"${name}": 1\n` } }),
  ];
  for (const [index, ended] of (await Promise.all(runs)).entries()) {
    assert.notEqual(ended.stderr, "");
    assertShown({ [`run ${index}`]: ended.stdout + ended.stderr + HIDDEN_SHOWN });
    if (index !== 7 && index !== 8) assert.ok(ended.stderr.includes("\\u{202e}"), `run ${index}: ${ended.stderr}`);
  }
});

Deno.test("a rendered config is the file's own for a program, and shown to a person", async () => {
  const files = { "ecspresso.yml": "service: myservice # \u202e\ta\r\n" };
  const piped = await runInProcess(myservice(), ["render", "config"], { files });
  assert.equal(piped.stdout, files["ecspresso.yml"]);
  const seen = await runInProcess(myservice(), ["render", "config"], { files, isTerminal: true });
  assert.equal(seen.stdout, "service: myservice # \\u{202e}\ta\r\n");
});

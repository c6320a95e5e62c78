import assert from "node:assert/strict";
import { completeIn, hasShell, SHELLS } from "../shells.ts";
import { runCli } from "./cli_process.ts";

const COMMANDS =
  "completion deploy deregister diff help history hold init register render revisions rollback scale status verify wait";
const GLOBALS =
  "--assume-role-arn --cluster --color --config --debug --envfile --ext-code --ext-str --fleet --github --help " +
  "--log-format --max-services --no-color --region --service --service-tag --timeout --untrusted --verbose --version";
const ROLLBACK =
  "--alarm --allow-unproven --at --bake --deployment --deregister --dry-run --fail-after --fast --from --hold --if-deployed-within --image-tag --logs --min-served --no-wait --on-failure --output --parallel --pin --plan --plan-out " +
  "--preflight --reason --reregister --restore --resume-auto-scaling --revision --skip-refused --suspend-auto-scaling --wait";
const DEFINITIONS = "config service-definition servicedef task-definition taskdef";
const EVENTS = "DEPLOYMENT_FAILURE DEPLOYMENT_STOP_ON_ALARM DEPLOYMENT_STOP_ON_REQUEST";
const FILES = ["ecspresso.yml", "my file.yml"];

/** The end of what is typed, and the words that are offered; of files, those below. */
const OFFERED: Readonly<Record<string, string | readonly string[]>> = {
  "": COMMANDS,
  "re": "register render revisions",
  "--": GLOBALS,
  "rollback --": `${GLOBALS} ${ROLLBACK}`,
  "--config ecspresso.yml --debug rollback --re":
    "--reason --region --reregister --restore --resume-auto-scaling --revision",
  "--envfile rollback wait --un": "--until --untrusted",
  "rollback --revision 3 ": "",
  "rollback --revision ": "previous stable",
  "deploy --wait-until ": "deployed stable",
  "deploy --wait-until=s": "stable",
  "wait --until ": "deployed stable traffic-shifted",
  "deploy --rollback-events ": EVENTS,
  "deploy --rollback-events=DEPLOYMENT_STOP": "DEPLOYMENT_STOP_ON_ALARM DEPLOYMENT_STOP_ON_REQUEST",
  "deploy --rollback-events DEPLOYMENT_FAILURE,DEPLOYMENT_STOP_ON_A": "DEPLOYMENT_STOP_ON_ALARM",
  "revisions --output ": "json table tsv",
  "rollback --output ": "json text",
  "--log-format ": "json text",
  "register --output ": FILES,
  "register --output=e": ["ecspresso.yml"],
  "--config ": FILES,
  "wait --config e": ["ecspresso.yml"],
  "wait --config ecspresso.yml --config ": FILES,
  "--fleet ": FILES,
  "status --service ": "",
  "wait --envfile ": FILES,
  "--timeout ": "",
  "--ext-str stage=prod ": COMMANDS,
  "--ext-str=stage=prod:1 rollback --re": "--reason --region --reregister --restore --resume-auto-scaling --revision",
  "--envfile=a:b --ext-code n=1 completion ": "bash fish zsh",
  "render --envfile a=b ": DEFINITIONS,
  "--assume-role-arn ": "",
  "--assume-role-arn arn:aws:iam::123456789012:role/deploy wait --until ": "deployed stable traffic-shifted",
  "render ": DEFINITIONS,
  "render config --debug serv": "service-definition servicedef",
  "completion ": "bash fish zsh",
  "completion -- ": "bash fish zsh",
  "completion b": "bash",
  "completion --debug ": "bash fish zsh",
  "help ": COMMANDS,
  "help re": "register render revisions",
};

for (const shell of SHELLS) {
  Deno.test({
    name: `the script for ${shell} completes commands, options, choices and files`,
    ignore: !await hasShell(shell),
    async fn() {
      const { code, stdout, stderr } = await runCli("", ["completion", shell], { files: {} });
      assert.deepEqual([code, stderr], [0, ""]);
      const lines = Object.keys(OFFERED).map((line) => `ecspresso ${line}`);
      const answers = await completeIn(shell, stdout, lines, FILES);
      for (const [index, expected] of Object.values(OFFERED).entries()) {
        const wanted = typeof expected === "string" ? expected.split(" ").filter((word) => word !== "") : expected;
        const words = answers[index]!.map(({ word }) => word);
        // Where no operand can come, zsh offers the options.
        const offered = / -\S*$/.test(lines[index]!) ? words : words.filter((word) => !/^--?[a-z-]+$/i.test(word));
        assert.deepEqual(offered.map(bare).sort(), [...wanted].sort(), lines[index]);
      }
    },
  });
}

/** A word without what is in front of it, which some shells repeat, and without zsh's quoting. */
function bare(word: string): string {
  return word.replace(/^--[a-z-]+=/, "").replace(/^.*,/, "").replaceAll("\\", "");
}

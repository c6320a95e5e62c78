import { secretNotFound } from "../../emulator/behaviours.ts";
import { logging } from "../../emulator/logging.ts";
import { DEPLOY_ROLE, myservice } from "../../emulator/myservice.ts";
import type { Scene } from "../scene.ts";
import { AT_TERMINAL, onGithub, withFiles } from "./files.ts";
import { API_KEY, BREAKER, changed } from "./worlds.ts";

export const COMMAND_LINE_SCENES: Readonly<Record<string, Scene>> = {
  "rollback_verbose": { args: "rollback --revision 3 --verbose" },
  "rollback_debug": { args: "--debug rollback --revision 3 --no-wait --preflight off" },
  "rollback_on_a_terminal": { args: "rollback --revision 9", options: { isTerminal: true } },
  "rollback_on_a_narrow_terminal": { args: "rollback --revision 9", options: { isTerminal: true, columns: 80 } },
  "rollback_dry_run_on_a_narrow_terminal": {
    args: "rollback --revision 3 --dry-run",
    options: { ...AT_TERMINAL, columns: 80 },
  },
  "rollback_on_a_terminal_without_colour": {
    args: "rollback --revision 9 --no-color",
    options: { isTerminal: true },
  },
  "assume_role": {
    args: `--assume-role-arn ${DEPLOY_ROLE} rollback --revision 3 --no-wait --debug`,
    world: myservice,
  },
  "wait_until_deployed": {
    args: "--config ecspresso.yml wait --until deployed",
    world: () => changed((emulator) => emulator.updateService({ service: "myservice", taskDefinition: "myservice:3" })),
  },
  "log_of_a_rollback": { args: "rollback --revision 5 --timeout 1m --logs 3", world: logging },
  "help_completion": { args: "completion --help" },
  "completion_unknown": { args: "completion tcsh" },
  "untrusted_rollback": { args: "rollback --revision 3 --untrusted" },
  "no_revision": { args: "rollback" },
  "revision_not_a_number": { args: "rollback --revision latest" },
  "deregister_with_no_wait": { args: "rollback --revision 3 --deregister --no-wait" },
  "scaling_with_no_wait": { args: "rollback --revision 3 --no-wait --suspend-auto-scaling --resume-auto-scaling" },
  "github_rollback": { args: "rollback --config ecspresso.yml --revision 3", options: onGithub() },
  "github_rollback_failed": {
    args: "rollback --revision 3 --preflight off",
    world: () => myservice({ service: BREAKER, history: [2, 4], behaviours: { 3: secretNotFound(API_KEY) } }),
    options: onGithub(),
  },
  "github_dry_run": { args: "rollback --revision 3 --dry-run", options: onGithub() },
  "github_refused": { args: "rollback --revision 9", options: onGithub() },
  "github_bad_config": {
    args: "rollback --revision 3",
    options: onGithub(withFiles({ "ecspresso.yml": "service: myservice\ntimeout: 10x\n" })),
  },
  "github_unknown_option": { args: "rollback --revison 3", options: onGithub() },
  "github_no_command": { args: "--github" },
  "unknown_option": { args: "rollback --revison 3" },
  "unknown_command": { args: "rolback" },
  "no_command": { args: "" },
  "config_twice": { args: "rollback --config a.yml --config b.yml --revision 3" },
  "bad_timeout": { args: "rollback --revision 3 --timeout soon" },
  "no_config": { args: "rollback --revision 3", options: withFiles({}) },
  "bad_config": {
    args: "rollback --revision 3",
    options: withFiles({ "ecspresso.yml": "service: myservice\ntimeout: 10x\n" }),
  },
  "unset_variable": {
    args: "rollback --revision 3",
    options: withFiles({ "ecspresso.yml": "service: '{{ must_env `SERVICE` }}'\n" }),
  },
  "unknown_key": {
    args: "rollback --revision 3 --no-wait",
    options: withFiles({ "ecspresso.yml": "region: ap-northeast-1\nservice: myservice\nservce: typo\n" }),
  },
  "envfile": {
    args: "--envfile staging.env rollback --revision 3 --no-wait",
    options: withFiles({
      "ecspresso.yml": "region: ap-northeast-1\nservice: '{{ must_env `SERVICE` }}'\n",
      "staging.env": "# which service\nexport SERVICE='myservice'\n",
    }),
  },
  "authorities_missing": {
    args: "rollback --revision 3",
    options: { env: { AWS_CA_BUNDLE: "/etc/company/ca.pem" } },
  },
  "authorities_empty": {
    args: "rollback --revision 3 --dry-run --envfile company.env",
    options: withFiles({
      "ecspresso.yml": "region: ap-northeast-1\nservice: myservice\n",
      "company.env": "SSL_CERT_FILE=ca.pem\n",
      "ca.pem": "\n",
    }),
  },
  "proxy_without_sense": {
    args: "rollback --revision 3",
    options: { env: { HTTPS_PROXY: "http://jane:pass#word@proxy.example:3128" } },
  },
  "envfile_missing": { args: "--envfile staging.env rollback --revision 3" },
  "events": { args: "rollback --revision 3 --output json" },
  "events_dry_run": { args: "rollback --revision 3 --dry-run --output json" },
  "events_unknown_option": { args: "rollback --revison 3 --output json" },
  "log_format": { args: "rollback --revision 3 --log-format json" },
  "log_format_no_config": { args: "rollback --revision 3 --log-format json", options: withFiles({}) },
  "log_format_unknown_option": { args: "rollback --revison 3 --log-format json" },
  "log_format_unknown": { args: "rollback --revision 3 --log-format xml" },
  "help": { args: "--help" },
  "help_rollback": { args: "rollback --help" },
  "version": { args: "--version" },
};

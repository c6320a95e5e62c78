import type { Rule } from "../rule.ts";

export const TRUST_RULES: readonly Rule[] = [
  {
    rule: "With `--untrusted`, files run nothing",
    in: "src/session/open_config.ts narrowPermissions",
    swaps: ["untrusted && process !== undefined", "false"],
    test: "e2e/trust_test.ts",
  },
  {
    rule: "look nothing up",
    in: "src/config/untrusted.ts refuse",
    returns: "undefined",
    test: "e2e/trust_test.ts",
  },
  {
    rule: "and change nothing.",
    in: "src/aws/api.ts change",
    drops: "this.options.changesNothing",
    test: "unit/aws/api_changes_nothing_test.ts",
  },
  {
    rule: "A run gives up the permissions that it does not need.",
    in: "src/session/open_config.ts narrowPermissions",
    drops: "host.giveUp",
  },
  {
    rule: "No values of environment variables or secrets",
    in: "src/secrets/hidden_values.ts split",
    returns: "undefined",
  },
  {
    rule: "words of others are never taken for a command",
    in: "src/report/messages/log.ts onOneLine",
    returns: "text",
  },
  {
    rule: "or for Markdown",
    in: "src/report/github/texts.ts codeSpan",
    returns: "text",
    test: "unit/report/github/texts_test.ts",
  },
  {
    rule: "only where it was asked for",
    in: "src/report/messages/log_text.ts mayBeKept",
    returns: "true",
  },
];

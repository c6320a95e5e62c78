import type { Rule } from "../rule.ts";

export const RATE_RULES: readonly Rule[] = [
  {
    rule: "Calls of many services are held to AWS's rates",
    in: "src/aws/call_rates.ts takeToken",
    returns: "true",
  },
  {
    rule: "to fewer once AWS has throttled one",
    in: "src/aws/api.ts send",
    drops: "isThrottling",
    test: "unit/aws/call_rates_test.ts",
  },
  {
    rule: "A read that is throttled is sent again",
    in: "src/aws/call_policy.ts mayWorkLater",
    drops: "isThrottling",
    test: "unit/aws/api_calls_test.ts",
  },
  {
    rule: "a change that is stopped while it waits was not sent",
    in: "src/aws/api.ts attemptInTurn",
    swaps: ["signal.aborted", "false"],
    test: "unit/aws/call_rates_test.ts",
  },
  {
    rule: "matched by name or ARN, never by its place",
    in: "src/aws/batched_ecs.ts byName",
    swaps: ["isAsked(name, serviceArn)", "true"],
    test: "property/batched_reads_test.ts",
  },
  {
    rule: "what it does not answer",
    in: "src/aws/batched_reads.ts send",
    swaps: ["!answer.has(key)", "false"],
  },
  {
    rule: "or is refused for one, each asks for alone",
    in: "src/aws/batched_reads.ts send",
    swaps: ["mayConcernOne(answer)", "false"],
  },
];

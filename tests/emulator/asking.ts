/** Asking an emulator as a client does, for its own tests. */
import type { Answer, Emulator } from "./emulator.ts";
import type { JsonObject } from "./model.ts";

const PREFIXES = {
  ecs: "AmazonEC2ContainerServiceV20141113",
  autoscaling: "AnyScaleFrontendService",
  ssm: "AmazonSSM",
  secretsmanager: "secretsmanager",
  ecr: "AmazonEC2ContainerRegistry_V20150921",
  cloudwatch: "GraniteServiceVersion20100801",
  logs: "Logs_20140328",
};

/** A parsed answer: `type` is the error's `__type`, undefined where there was no error. */
export interface Asked {
  status: number;
  type: string | undefined;
  message: string | undefined;
  // deno-lint-ignore no-explicit-any -- tests read the answers of many operations
  output: any;
}

/** Sends one request. @throws Error if the connection was dropped */
export function ask(
  emulator: Emulator,
  operation: string,
  input: JsonObject | string = {},
  service: keyof typeof PREFIXES = "ecs",
): Asked {
  const body = typeof input === "string" ? input : JSON.stringify(input);
  const answer = emulator.handle({ target: `${PREFIXES[service]}.${operation}`, body });
  if ("drop" in answer) throw new Error("connection dropped");
  return parse(answer);
}

function parse({ status, body }: Answer): Asked {
  const output = JSON.parse(body);
  return { status, type: output.__type, message: output.message, output };
}

import type { CauseSubject } from "./cause.ts";

/** Where a text of ECS's names a thing: the first group that has matched is its name. */
const NAMED: Readonly<Record<keyof Texts, RegExp>> = {
  // `failed to resolve ref IMAGE: ...`, `manifest for IMAGE not found`, `pull access denied for IMAGE, ...`
  image:
    /\b(?:resolve ref(?:erence)?|(?<!matching )manifest for|access denied for|pull(?: the)? image|parse reference) ["'`]?([^\s"'`,]*[^\s"'`,:])/,
  platform: /\b((?:linux|windows)\/\w+(?:\/v\d)?)\b/,
  host: /\blookup ([\w.-]+) on\b|\blookup ([\w.-]+): no such host/,
  // `cannot pull registry auth from Amazon ECR`, `unable to retrieve ecr registry auth`, `Get "https://HOST/v2/"`
  registry: /\bAmazon (ECR)\b|\b(ecr) registry auth\b|https:\/\/(?:api\.)?(ecr)\.|https:\/\/([\w.-]+)(?::\d+)?\/v2\//,
  secret: new RegExp(
    [
      "\\b(arn:[\\w-]+:(?:secretsmanager:[\\w-]+:\\d+:secret:[\\w/+=.@-]+|ssm:[\\w-]+:\\d+:parameter/[\\w/.-]+))",
      "\\binvalid (?:ssm )?parameters: ([\\w/.:-]+)",
      "\\bfrom the service for ([\\w/+=.@-]+)",
    ].join("|"),
  ),
  key: /\bdid not contain json key ["'`]?([^\s"'`,]+?)[.,]?(?:$|[\s"'`,])/,
  role: /\b[Rr]ole ['"`]?(arn:[\w-]+:iam::\d+:role\/[\w+=,.@/-]+)|\bassumed-role\/([\w+=,.@-]+)\//,
  action: /\bperform: ([a-z\d-]+:[A-Za-z\d]+)/,
  file: /\bexec: "([^"]+)"|\bkey (\S+) from bucket|\bs3:::([^\s"',]+)|\bcustom device "([^"]+)"/,
  logGroup: /\blog group:? ["'`]?(\/?[\w.#-]+(?:\/[\w.#-]+)+)/i,
  fileSystem: /\b(fs-[0-9a-f]{8,17})\b/,
  subnet: /\b(subnet-[0-9a-f]{8,17})\b/,
  targetGroup:
    /\(target-group ([^\s()]+)\)|\(elb ([^\s()]+)\)|\b(arn:[\w-]+:elasticloadbalancing:\S+:targetgroup\/[\w/-]+)/,
  missing:
    /\bRESOURCE:(\w+)|\binsufficient ((?:CPU|GPU|memory)(?: units)?)|\blimit on the number of (\w+)|\brequested (\w+) configuration/i,
  capacityProvider: /\bcapacity provider ([\w-]+)/i,
  stage: /\b([A-Z]{3,}(?:_[A-Z]+)+) lifecycle hook/,
  hook: /\b(arn:[\w-]+:lambda:[\w:-]+)/,
};

type Texts = Omit<
  { readonly [Name in keyof CauseSubject as CauseSubject[Name] extends string | undefined ? Name : never]: string },
  "answer" | "memoryOf" | "region"
>;

/** What a text of ECS's names. */
export function findSubject(text: string): CauseSubject {
  const named = Object.entries(NAMED).flatMap(([name, pattern]) => {
    const found = pattern.exec(text)?.slice(1).find((group) => group !== undefined);
    // An image's name begins with it.
    if (name === "registry" && NAMED.image.test(text)) return [];
    return found === undefined ? [] : [[name, found] as const];
  });
  const port = portIn(text);
  const answer = answerIn(text);
  return {
    ...Object.fromEntries(named),
    ...(port !== undefined && { port: Number(port) }),
    ...(answer !== undefined && { answer }),
  };
}

/** `(port 8080) is unhealthy`; Docker: `Bind for 0.0.0.0:8080 failed`, `bind host port for ...`, `listen tcp4 ...: bind`. */
function portIn(text: string): string | undefined {
  const found = PORTS.exec(text);
  return found?.slice(1).find((group) => group !== undefined);
}

const PORTS = /\(port (\d{1,5})\)|\b(?:bind for|bind host port for|listen tcp[46]?) [\d.:[\]]*?:(\d{1,5})(?![\d.])/i;

/** `Health checks failed with these codes: [404]`, `Request timed out`: what the load balancer got from the target. */
function answerIn(text: string): string | undefined {
  const codes = /\bwith these codes: \[([\d, -]+)\]/.exec(text)?.[1];
  return codes ?? (/\(reason [^()]*timed out\b/i.test(text) ? "timeout" : undefined);
}

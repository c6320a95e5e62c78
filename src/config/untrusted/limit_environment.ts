import type { Environment } from "../../host.ts";
import { TemplateValueError } from "../template/template_function.ts";

/** Where calls go, within AWS; no secret, and what definitions are usually about. */
const REGIONS: ReadonlySet<string> = new Set(["AWS_REGION", "AWS_DEFAULT_REGION"]);

/**
 * What templates see of the environment in a run whose files are not trusted: the variables of the envfiles, and the
 * region. All others may be secrets of the machine, which a template could print or send.
 */
export function limitEnvironment(
  env: Pick<Environment, "get">,
  ofEnvfiles: ReadonlyMap<string, string>,
): Pick<Environment, "get"> {
  return {
    get(name) {
      const value = ofEnvfiles.get(name) ?? env.get(name);
      if (!value || ofEnvfiles.has(name) || REGIONS.has(name)) return value;
      throw new TemplateValueError(
        "--untrusted: files see no variables of the environment but those of envfiles (give it with --envfile)",
      );
    },
  };
}

/** What the program, its runtime, the AWS SDK and the system read. */
const MEANINGFUL =
  /^(?:(?:AWS|ECSPRESSO|GITHUB|ACTIONS|RUNNER|DENO|NODE|NPM|SSL|LD|DYLD|XDG)_.*|.*_PROXY|(?:JSONNET_)?PATH|REQUESTS_CA_BUNDLE|HOME|USERPROFILE|TMPDIR|TMP|TEMP|SHELL|COMSPEC|ENV|IFS)$/i;

/** Why an envfile that is not trusted may not set a variable; `undefined` where it may. */
export function refuseVariable(name: string): string | undefined {
  if (!MEANINGFUL.test(name) || REGIONS.has(name)) return undefined;
  return `--untrusted: an envfile may not set ${name}, which decides more than what templates say (take it out)`;
}

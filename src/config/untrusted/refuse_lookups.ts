import type { ValueSources } from "../../model/ports.ts";
import { TemplateValueError } from "../template/template_function.ts";

function refuse(): never {
  throw new TemplateValueError("--untrusted: nothing is looked up in AWS for a file (write the value itself)");
}

/** In place of what looks values up in AWS: for files that are not trusted, which could print or send any of them. */
export const NO_LOOKUPS: ValueSources = {
  readParameter: refuse,
  findSecretArn: refuse,
  readStackOutputs: refuse,
  readStackExports: refuse,
  readObject: refuse,
};

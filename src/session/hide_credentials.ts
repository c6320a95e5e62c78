import type { Environment } from "../host.ts";
import type { HiddenValues } from "../secrets/hidden_values.ts";

/** AWS's own are longer. What is made up for a server of one's own may be any word. */
const SHORTEST = 16;

/** Hides the credentials of the environment: whoever refuses a signature may repeat what was signed. */
export function hideCredentials(env: Pick<Environment, "get">, hidden: HiddenValues): void {
  for (const name of ["AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"]) {
    const value = env.get(name) ?? "";
    if (value.length >= SHORTEST) hidden.addSecret({ source: "variable", name, value });
  }
}

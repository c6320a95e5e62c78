import type { Environment } from "../host.ts";
import type { OnLookup } from "../secrets/looked_up.ts";
import type { FunctionTable } from "./template/template_function.ts";
import { nativeFunctions, templateFunctions } from "./template_functions.ts";

/** With a prefix or without one. */
const LOOKUP = /(?:^|_)(?:ssm|ssm_list|secretsmanager_arn|tfstatef?|cfn_output|cfn_export)$/;

/**
 * The functions of the configuration file, which know the environment only: where other values are to be looked up, the
 * file itself has yet to say.
 *
 * @param onLookup is told of each value
 */
export function configFunctions(env: Pick<Environment, "get">, onLookup?: OnLookup): FunctionTable {
  return {
    functions: templateFunctions(env, onLookup),
    natives: nativeFunctions(env, onLookup),
    explainUnknown: (name) =>
      LOOKUP.test(name) ? "this function is for definition files; the config file has env and must_env" : undefined,
  };
}

import type { Config } from "../config/load_config.ts";
import { quoteArgument } from "../model/quote_argument.ts";
import type { CodeDeployNames, RunScope } from "../model/service.ts";
import type { GlobalOptions } from "./global_options.ts";
import { escapeSeparators } from "./split_values.ts";

/** What a run is about, by the names that the config and the command line have for it. */
export function nameScope(
  { cluster, service, codeDeploy }: Config,
  region: string | undefined,
  files: string,
): RunScope {
  return { cluster, service, region, files, codeDeploy: codeDeploy && quoteNames(codeDeploy) };
}

/** The options that name the same service in another command, where variables do not, and the role to reach it in. */
export function nameFiles({ config, envfile, assumeRoleArn }: GlobalOptions): string {
  const options = [
    ...envfile.flatMap((file) => ["--envfile", escapeSeparators(file, ",")]),
    ...(config === undefined ? [] : ["--config", config]),
    ...(assumeRoleArn === undefined ? [] : ["--assume-role-arn", assumeRoleArn]),
  ];
  return options.map(quoteArgument).join(" ");
}

function quoteNames({ application, deploymentGroup }: CodeDeployNames): CodeDeployNames {
  return {
    application: application === undefined ? undefined : quoteArgument(application),
    deploymentGroup: deploymentGroup === undefined ? undefined : quoteArgument(deploymentGroup),
  };
}

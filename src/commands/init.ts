import { UsageError } from "../errors.ts";
import { WITH_AWS } from "../report/exit_code.ts";
import type { ProgramCommand } from "../session/global_options.ts";
import { defineCommand } from "./define_command.ts";
import {
  nameFiles,
  SERVICE_DEFINITION,
  TASK_DEFINITION,
  writeDefinitions,
} from "../session/definitions/write_definitions.ts";

export const define = defineCommand({
  options: addOptions,
  examples: {
    "ecspresso init --service myservice --cluster default": "write the files",
    "ecspresso diff": "see that nothing differs",
  },
  endings: {
    ...WITH_AWS,
    ok: "written",
    refused: "a file is there already, there is no such service, or another system deploys it: nothing was written",
    incomplete: "some of the files could not be written",
  },
  help: `
More examples:
  ecspresso init --service arn:aws:ecs:ap-northeast-1:123456789012:service/default/myservice
  ecspresso init --service myservice --config myservice/ecspresso.yml
  ecspresso init --service myservice --jsonnet

Of the config (--config, default ecspresso.yml) and the two definitions, none is written where one is there already.
The values of environment variables stand in the task definition: look for secrets before it is committed.`,
  writesConfig: true,
  writes: (options, { configs }) => Object.values(nameFiles(options, configs)),
  takesOneService: true,
  run: async (options, { globals: { services, untrusted }, configs, openOne }) => {
    if (untrusted) throw new UsageError("--untrusted changes nothing, and init writes files", "leave it out");
    if (services.fleet !== undefined || services.selectors.some(({ kind }) => kind === "config")) {
      throw new UsageError("init takes the name of a service", "ecspresso init --service NAME --cluster CLUSTER");
    }
    return await writeDefinitions(await openOne(), nameFiles(options, configs), options.forceOverwrite);
  },
});

function addOptions(command: ProgramCommand) {
  return command.optionsGroup("Files:")
    .option("--task-definition-path <file>", `the task definition (default: ${TASK_DEFINITION}, beside the config)`)
    .option("--service-definition-path <file>", `the service definition (default: ${SERVICE_DEFINITION}, beside it)`)
    .option("--jsonnet", "write all three in Jsonnet: .jsonnet in place of .yml and .json")
    .option("--force-overwrite", "replace files that are there already");
}

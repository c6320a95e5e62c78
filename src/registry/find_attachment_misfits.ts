import type { JsonObject } from "../model/json.ts";
import { misfitOfAttachment } from "../model/misfit.ts";
import { demandsWith, NO_DEMANDS } from "../model/service_demands.ts";
import { readTaskSupply } from "../model/task_definition.ts";
import type { Verified } from "./verify_references.ts";

/**
 * The load balancers and service registries of a service definition that send to a container or a port which the task
 * definition does not have. Those that fit are left out: nothing has looked whether they are there. Pure.
 */
export function findAttachmentMisfits(service: JsonObject, taskDefinition: JsonObject): Verified[] {
  const { containers } = readTaskSupply(taskDefinition);
  return demandsWith(NO_DEMANDS, service).attachments.flatMap((attachment): Verified[] => {
    const misfit = misfitOfAttachment(attachment, containers);
    if (misfit === undefined) return [];
    const { kind, name } = attachment;
    return [{ reference: { kind, name }, state: "unfit", reason: misfit }];
  });
}

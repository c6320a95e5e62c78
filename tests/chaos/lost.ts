import { RESOURCE_ID } from "../emulator/myservice.ts";
import { isCalmEndDue } from "./expect.ts";
import { SCALING_CALL } from "./observe.ts";
import { PRIOR } from "./scenes.ts";
import { appliedCalls, isCompleted, same, scalingOf, serviceOf, type Tried } from "./tried.ts";

/** What a run has lost: the world is left in a state that neither its exit code nor its words admit. */
export function findLost(tried: Tried): string[] {
  return [findStrays, findRepeated, findDeregistered, findSuspended, findUnfinished].flatMap((find) => find(tried));
}

/** Credentials and bodies are for AWS alone. */
function findStrays({ strays: { elsewhere, redirected } }: Tried): string[] {
  return [
    ...(elsewhere.length === 0 ? [] : [`another origin was sent ${JSON.stringify(elsewhere)}`.slice(0, 300)]),
    ...(redirected.length === 0 ? [] : [`a redirect was followed: ${redirected}`]),
  ];
}

function findRepeated(tried: Tried): string[] {
  const updates = appliedCalls(tried, "UpdateService").map(({ input }) => input?.taskDefinition);
  // ECS takes the order to stop again while it goes back, which changes nothing.
  const stopped = new Set(
    appliedCalls(tried, "StopServiceDeployment").map(({ input }) => input?.serviceDeploymentArn),
  );
  const orders = updates.length + stopped.size;
  return [
    ...(orders > tried.scene.mostOrders ? [`${orders} orders took effect`] : []),
    ...(new Set(updates).size < updates.length ? ["an order took effect twice"] : []),
    ...(appliedCalls(tried, "RegisterTaskDefinition").length > 1 ? ["a task definition was registered twice"] : []),
  ];
}

function findDeregistered(tried: Tried): string[] {
  const inUse = new Set(serviceOf(tried.after).deployments.map(({ taskDefinition }) => taskDefinition));
  return appliedCalls(tried, "DeregisterTaskDefinition")
    .map(({ input }) => String(input?.taskDefinition).split("/").at(-1)!)
    .filter((revision) => inUse.has(revision) || revision === tried.scene.target)
    .map((revision) => `${revision} was deregistered while in use`);
}

/** Auto scaling is as it was; or trouble with the calls about it has kept it from that, and the output says how to restore it. */
function findSuspended({ after, stdout, stderr, hits, cell }: Tried): string[] {
  const { suspendedState, record } = scalingOf(after);
  const words = stdout + stderr;
  const flags = Object.entries(PRIOR).map(([name, value]) => `${name}=${value}`).join(",");
  // The program's own command goes by the record.
  const isTold = words.includes(`--resource-id ${RESOURCE_ID} --suspended-state ${flags}`) ||
    (record !== undefined && /: ecspresso scale (?:.* )?--resume-auto-scaling$/m.test(words));
  // Where no connection is made, nothing arrives that could be hit.
  const isHit = cell.times === "everything" || hits.some(({ operation }) => SCALING_CALL.test(operation));
  if (same(suspendedState, PRIOR)) {
    if (record === undefined) return [];
    if (!isHit) return ["a record remains, though AWS took every call about auto scaling"];
    return isTold ? [] : ["a record remains, and no command removes it"];
  }
  const ends = `auto scaling ends as ${JSON.stringify(suspendedState)}`;
  return [
    ...(isTold ? [] : [`${ends}, and no command restores it`]),
    ...(isHit ? [] : [`${ends}, though AWS took every call about it`]),
    ...(record === undefined ? [`${ends}, without a record`] : []),
  ];
}

/** What was ordered is done where the trouble has passed. */
function findUnfinished(tried: Tried): string[] {
  if (!isCalmEndDue(tried)) return [];
  const { after, calm, cell: { times } } = tried;
  return [
    ...(isCompleted(tried) ? [] : [`the service ends with ${serviceOf(after).taskDefinition}, though ${times} passes`]),
    ...(same(after.taskDefinitions, calm.after.taskDefinitions)
      ? []
      : [`the task definitions end as ${JSON.stringify(after.taskDefinitions)}`]),
  ];
}

import { regionOf, type Revision, shortName } from "../../model/arn.ts";
import { isEmpty, type Json } from "../../model/json.ts";
import type { CloudWatchLogs } from "../../model/log_place.ts";
import type { ScalableTarget, SuspendedState } from "../../model/scalable_target.ts";
import type { ServiceRef, TypedOption } from "../../model/service.ts";
import type { Waits } from "../../model/waits.ts";

// Commands for a person to type. Those of the AWS CLI name the region: the CLI does not read this program's config.

/** How many services a command takes unless `--max-services` says otherwise. */
export const DEFAULT_MAX_SERVICES = 20;

/** The AWS CLI itself, aimed at a region where one is known. */
function awsCli({ region }: Pick<ServiceRef, "region">): string {
  return region === undefined ? "aws" : `aws --region ${region}`;
}

export function listClustersCommand(scope: Pick<ServiceRef, "region">): string {
  return `${awsCli(scope)} ecs list-clusters`;
}

export function listServicesCommand(scope: Pick<ServiceRef, "region" | "cluster">): string {
  return `${awsCli(scope)} ecs list-services --cluster ${scope.cluster}`;
}

export function registerCommand(scope: Pick<ServiceRef, "region">): string {
  return `${awsCli(scope)} ecs register-task-definition --cli-input-json file://FILE`;
}

export function setPrimaryTaskSetCommand(ref: ServiceRef): string {
  const service = `--cluster ${ref.cluster} --service ${ref.service}`;
  return `${awsCli(ref)} ecs update-service-primary-task-set ${service} --primary-task-set ID`;
}

export function createLogGroupCommand(group: string): string {
  return `aws logs create-log-group --log-group-name ${quoteArgument(group)}`;
}

export function restoreSecretCommand(secret: string): string {
  return `aws secretsmanager restore-secret --secret-id ${quoteArgument(secret)}`;
}

/** One of AWS CodeDeploy's commands, with options for a shell. */
export function codeDeployCommand(ref: ServiceRef, command: string): string {
  return `${awsCli(ref)} deploy ${command}`;
}

export function explainStoppedTasksCommand(ref: ServiceRef): string {
  const list = `${awsCli(ref)} ecs list-tasks --cluster ${ref.cluster} --service-name ${ref.service} ` +
    "--desired-status STOPPED --query taskArns --output text";
  return `${list} | xargs ${awsCli(ref)} ecs describe-tasks --cluster ${ref.cluster} ` +
    "--query 'tasks[].[stoppedReason,containers[].[name,exitCode,reason]]' --tasks";
}

export function listFamilyTasksCommand(ref: ServiceRef, family: string): string {
  return `${awsCli(ref)} ecs list-tasks --cluster ${ref.cluster} --family ${family}`;
}

export function listNewestRevisionsCommand(scope: Pick<ServiceRef, "region">, family: string): string {
  return `${awsCli(scope)} ecs list-task-definitions --family-prefix ${
    quoteArgument(family)
  } --sort DESC --max-items 3`;
}

/** Starts another deployment of what the service is set to. Without `--query`, its description would fill the screen. */
export function startAnewCommand(ref: ServiceRef): string {
  return `${updateServiceCommand(ref, "forceNewDeployment", true)} --query service.status`;
}

/** Answers the lifecycle hook at which a service deployment waits. */
export function continueCommand(serviceDeploymentArn: string, hookId: string, action: "CONTINUE" | "ROLLBACK"): string {
  return `${awsCli({ region: regionOf(serviceDeploymentArn) })} ecs continue-service-deployment ` +
    `--service-deployment-arn ${serviceDeploymentArn} --hook-id ${hookId} --action ${action}`;
}

/** Shows alarms, and why each is in its state. */
export function describeAlarmsCommand(scope: Pick<ServiceRef, "region">, names: readonly string[]): string {
  return `${awsCli(scope)} cloudwatch describe-alarms --alarm-types MetricAlarm CompositeAlarm --alarm-names ` +
    names.map(quoteArgument).join(" ");
}

/** Prints a container's log; all streams of the group where the container's own is not known. */
export function tailLogCommand({ group, region, stream, sinceMs }: CloudWatchLogs): string {
  const ofStream = stream === undefined ? "" : ` --log-stream-names ${quoteArgument(stream)}`;
  // A moment rather than a duration: somebody may type the command an hour later.
  const since = sinceMs === undefined ? "1h" : new Date(sinceMs).toISOString().replace(/\.\d+Z$/, "Z");
  return `${awsCli({ region })} logs tail ${quoteArgument(group)}${ofStream} --since ${since}`;
}

export function deregisterCommand(taskDefinition: Revision): string {
  return `${awsCli({ region: regionOf(taskDefinition.arn) })} ecs deregister-task-definition --task-definition ` +
    shortName(taskDefinition);
}

/** Sets the three flags, then removes the tag `recordKey`, which records the earlier flags, where there is one. */
export function restoreScalingCommand(
  { resourceId, arn }: ScalableTarget,
  state: SuspendedState,
  recordKey: string | undefined,
): string {
  const region = arn === undefined ? undefined : regionOf(arn);
  const setFlags = `${awsCli({ region })} application-autoscaling register-scalable-target --service-namespace ecs ` +
    `--scalable-dimension ecs:service:DesiredCount --resource-id ${resourceId} --suspended-state ` +
    `DynamicScalingInSuspended=${state.dynamicScalingInSuspended},` +
    `DynamicScalingOutSuspended=${state.dynamicScalingOutSuspended},` +
    `ScheduledScalingSuspended=${state.scheduledScalingSuspended}`;
  if (recordKey === undefined || arn === undefined) return setFlags;
  return `${setFlags} && ${awsCli({ region })} application-autoscaling untag-resource --resource-arn ${arn} ` +
    `--tag-keys ${recordKey}`;
}

export function untagServiceCommand(arn: string, keys: readonly string[]): string {
  return `${awsCli({ region: regionOf(arn) })} ecs untag-resource --resource-arn ${arn} --tag-keys ${keys.join(" ")}`;
}

/** Sets the `missing` waits of a service's deployments again, then removes the record: the tags with these keys. */
export function restoreWaitsCommand(ref: ServiceRef, arn: string, keys: readonly string[], missing: Waits): string {
  const untag = untagServiceCommand(arn, keys);
  if (isEmpty(missing)) return untag;
  return `${updateServiceCommand(ref, "deploymentConfiguration", missing)} && ${untag}`;
}

/**
 * A command of this program for the same service, with the options that name the service.
 *
 * @param command with its own options, as a shell takes them: `rollback --revision previous`
 */
export function ecspressoCommand({ options = [] }: Pick<ServiceRef, "options">, command: string): string {
  const [verb = "", ...others] = command.split(" ");
  const isNamed = options.some(([name]) => name === "--service");
  const naming: readonly TypedOption[] = needsFiles(verb) && isNamed
    ? [["--config", "FILE"], ...options.filter(([name]) => !NAMES.has(name))]
    : options;
  return ["ecspresso", verb, ...naming.map(writeOption), ...others].join(" ");
}

const NEED_FILES: ReadonlySet<string> = new Set(["deploy", "diff", "register", "render"]);

/** Whether a command works with definition files: a service's name alone is not enough for it, and is refused. */
export function needsFiles(verb: string): boolean {
  return NEED_FILES.has(verb);
}

const NAMES: ReadonlySet<string> = new Set(["--service", "--cluster", "--region"]);

/** For a POSIX shell. With `=`, a value that begins with a dash is not taken for an option. */
export function writeOption([name, value]: TypedOption): string {
  if (value === undefined) return name;
  return /^-./.test(value) ? quoteArgument(`${name}=${value}`) : `${name} ${quoteArgument(value)}`;
}

/** Sets one member of a service. The AWS CLI names its options after the members of UpdateService. */
export function updateServiceCommand(ref: ServiceRef, name: string, value: Json): string {
  const service = `--cluster ${quoteArgument(ref.cluster)} --service ${quoteArgument(ref.service)}`;
  return `${awsCli(ref)} ecs update-service ${service} ${optionOf(name, value)}`;
}

function optionOf(name: string, value: Json): string {
  const option = name.replaceAll(/([a-z])ECS(?=[A-Z])/g, "$1-ecs")
    .replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  if (typeof value === "boolean") return value ? `--${option}` : `--no-${option}`;
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  const forced = name === "capacityProviderStrategy" ? " --force-new-deployment" : "";
  return `--${option} ${quoteArgument(text)}${forced}`;
}

/** For a POSIX shell. */
export function quoteArgument(argument: string): string {
  return /^[A-Za-z0-9_./:=@,+-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;
}

import { dirname, extname, join, relative } from "node:path";
import { renderConfigFile, renderDefinitionFile } from "../../config/write_files.ts";
import { countValues, serviceDefinitionFrom, taskDefinitionFrom } from "../../definitions/definitions_from.ts";
import { optional, reasonOf, RefusedError, UsageError } from "../../errors.ts";
import { clusterName, parseTaskDefinitionArn, regionOf, serviceName, shortName } from "../../model/arn.ts";
import type { JsonObject } from "../../model/json.ts";
import { scalableResourceId } from "../../model/scalable_target.ts";
import type { Ending } from "../../report/exit_code.ts";
import { describeReasonOf } from "../../report/messages/machine_problem_text.ts";
import { commandTo } from "../../report/messages/own_commands.ts";
import { stillToDo } from "../../report/messages/phrases.ts";
import { findServiceReason } from "../../rollout/plan/refusal.ts";
import { readWholeService } from "../../rollout/read/read_service.ts";
import { nameRole } from "../global_options.ts";
import type { Found } from "../read_each.ts";
import { reportRefusal } from "../report_refusal.ts";
import type { Session } from "../session.ts";
import { describeUnread } from "../../report/messages/unread_text.ts";

const CONFIG = "ecspresso.yml";
export const SERVICE_DEFINITION = "ecs-service-def.json";
export const TASK_DEFINITION = "ecs-task-def.json";

/** The paths of the files to write. */
type Paths = Readonly<Record<"config" | "service" | "task", string>>;

interface FileOptions {
  readonly taskDefinitionPath?: string | undefined;
  readonly serviceDefinitionPath?: string | undefined;
  readonly jsonnet: boolean;
}

export function nameFiles(options: FileOptions, configs: readonly string[]): Paths {
  const [config = CONFIG, ...others] = configs;
  if (others.length > 0) throw new UsageError("--config is given twice", "give it once");
  const beside = (name: string) => join(dirname(config), name);
  const service = options.serviceDefinitionPath ?? beside(SERVICE_DEFINITION);
  const task = options.taskDefinitionPath ?? beside(TASK_DEFINITION);
  const name = options.jsonnet ? inJsonnet : (path: string) => path;
  const named = { config: name(config), service: name(service), task: name(task) };
  if (new Set(Object.values(named)).size === 3) return named;
  throw new UsageError("two of the files have the same name", "give each a name of its own");
}

function inJsonnet(path: string): string {
  return /\.(?:ya?ml|json)$/i.test(path) ? `${path.slice(0, -extname(path).length)}.jsonnet` : path;
}

/** Writes the files of a service. Returns the ending. */
export async function writeDefinitions(session: Session, paths: Paths, overwrites: boolean): Promise<Ending> {
  const { log } = session;
  log.info("Starting init");
  if (!overwrites) await refuseExisting(session, paths);
  const read = await readDefinitions(session);
  if ("refusal" in read) return await reportRefusal(read.refusal, session);
  const { arn, service, task, runs } = read.result;
  const settings = {
    region: regionOf(arn)!,
    cluster: clusterName(session.config.cluster),
    service: serviceName(session.ref.service),
    service_definition: relative(dirname(paths.config), paths.service),
    task_definition: relative(dirname(paths.config), paths.task),
    timeout: "10m",
  };
  const texts = [
    [paths.task, renderDefinitionFile(paths.task, task)],
    [paths.service, renderDefinitionFile(paths.service, service)],
    // Last: only with the config do the other files count.
    [paths.config, renderConfigFile(paths.config, settings)],
  ] as const;
  const ending = await writeAll(texts, overwrites, session);
  if (ending !== "ok") return ending;
  log.info(`Written: ${Object.values(paths).join(", ")}; ${runs} runs`);
  const values = countValues(task);
  if (values > 0) log.info(`${paths.task} has the values of ${values} environment variables: commit no secret`);
  // The next command needs the role and the config; the files say the rest.
  const named = paths.config === CONFIG ? [] : [["--config", paths.config] as const];
  const options = [...named, ...nameRole(session.scope.role)];
  log.info(`To see that nothing differs: ${commandTo("compare", { options })}`);
  return "ok";
}

/** Throws a RefusedError if one of the files exists already. */
async function refuseExisting({ host }: Session, paths: Paths): Promise<void> {
  const kinds = await Promise.all(Object.values(paths).map((path) => host.files.kindOf(path)));
  const there = Object.values(paths).filter((_, index) => kinds[index] !== undefined);
  if (there.length > 0) throw new RefusedError({ code: "filesThere", paths: there });
}

interface RunningDefinitions {
  /** ARN of the service. */
  readonly arn: string;
  readonly service: JsonObject;
  readonly task: JsonObject;
  /** What the service runs, as `family:revision`. */
  readonly runs: string;
}

async function readDefinitions(session: Session): Promise<Found<RunningDefinitions>> {
  const { ref, scope, signal, log } = session;
  const ecs = await session.connectEcs();
  const updatable = ecs.updatableMembers();
  const everything = Object.fromEntries(updatable.inRevisionOnly.map((name) => [name, true]));
  const whole = await readWholeService(everything, { ref, ecs, signal });
  if (whole === undefined) return { refusal: { code: "serviceMissing", intent: "init", ref } };
  const { service, members, denied, unread } = whole;
  if (denied) log.warn(describeUnread("membersWritten", denied, ...unread));
  const reason = findServiceReason(service) ?? (service.taskDefinition ? undefined : { code: "noDeployment" as const });
  if (reason !== undefined) return { refusal: { ...reason, intent: "init", ref } };
  const running = parseTaskDefinitionArn(service.taskDefinition!);
  const definition = await ecs.describeTaskDefinition(running.arn, signal);
  if (definition === undefined) return { refusal: { code: "noSuchTaskDefinition", name: shortName(running), scope } };
  if (definition.status !== "ACTIVE") {
    log.warn(`${shortName(running)} is ${definition.status}: a deploy of these files registers it once more`);
  }
  const written = serviceDefinitionFrom(members, updatable, await keepsCount(session));
  const task = taskDefinitionFrom(definition.raw);
  return { result: { arn: service.arn, service: written, task, runs: shortName(running) } };
}

/** Whether the file may name a number of tasks: if auto scaling sets it, a deploy of the file would set it back. */
async function keepsCount({ ref, signal, log, connectScaling }: Session): Promise<boolean> {
  const target = (await connectScaling()).describeScalableTarget(scalableResourceId(ref), signal);
  const { value, denied } = await optional(target, () => !signal.aborted);
  if (denied) log.warn(describeUnread("desiredCount", denied));
  if (value !== undefined) log.info("desiredCount is left out: auto scaling sets it");
  return denied === undefined && value === undefined;
}

/**
 * Writes one file after the other. Returns the ending.
 *
 * @throws UsageError if the first cannot be written: then no file is
 */
async function writeAll(
  texts: readonly (readonly [path: string, text: string])[],
  overwrites: boolean,
  { host: { files }, log, changes }: Session,
): Promise<Ending> {
  const write = overwrites ? files.writeText : files.createText;
  const written: string[] = [];
  for (const [path, text] of texts) {
    try {
      await write(path, text);
    } catch (error) {
      const problem = `${path} cannot be written: ${describeReasonOf(reasonOf(error))}`;
      if (written.length === 0) {
        throw new UsageError(problem, "name a file that can be made, in a folder that is there");
      }
      log.error(`${problem}; written: ${written.join(", ")}`);
      log.error(stillToDo("fix that, and run the command again with --force-overwrite"));
      return "incomplete";
    }
    changes.mayHaveBegun = true;
    written.push(path);
  }
  return "ok";
}

import type { Ecs } from "../../aws/ecs.ts";
import { AwsError, isRefusal, unlessDenied } from "../../errors.ts";
import { shortName } from "../../model/arn.ts";
import type { JsonObject } from "../../model/json.ts";
import { subjectName } from "../../model/service.ts";
import { findReferences, findServiceReferences } from "../../registry/find_references.ts";
import { findAttachmentMisfits, type Verified, verifyReferences } from "../../registry/verify_references.ts";
import { type DeepSubject, verifyDeeply } from "../../registry/verify_deeply.ts";
import type { Ending } from "../../report/exit_code.ts";
import { explainNeed, nameNeed } from "../../report/messages/needs_text.ts";
import { inBrackets } from "../../report/messages/phrases.ts";
import { describeUnread } from "../../report/messages/unread_text.ts";
import { loadServiceDefinition, loadTaskDefinition, readFamily, taskDefinitionOf } from "../definition_files.ts";
import { type Found, readEach, reportUnread } from "../read_each.ts";
import type { Session } from "../session.ts";

/** Verifies the services and prints one after the other; many have their names above. Returns the worst ending. */
export async function verifyDefinitions(
  sessions: readonly Session[],
  revision: number | undefined,
  isDeep: boolean,
): Promise<Ending> {
  const isOfMany = sessions.length > 1;
  const all = await readEach(sessions, (session) => verifyDefinition(session, revision, isDeep));
  const read = all.filter((one) => "result" in one);
  for (const [index, { session, result }] of read.entries()) {
    if (isOfMany) session.printText([...(index === 0 ? [] : [""]), `${subjectName(session.ref)}:`]);
    const lines = renderVerified(result);
    session.printText(isOfMany ? lines.map((line) => `  ${line}`) : lines);
  }
  const results = new Map(read.map(({ session, result }) => [session, result]));
  const concluding = (session: Session) => Promise.resolve({ result: conclude(results.get(session)!, session) });
  const concluded = read.length === 0 ? [] : await readEach([...results.keys()], concluding, isOfMany);
  return reportUnread([...all, ...concluded], concluded.flatMap((one) => "result" in one ? one.result : []));
}

/**
 * Checks that what a task definition names exists, and that a task can use it. The task definition is the file's, a
 * registered one, or, without files, the one that runs. The load balancers of the service definition, or of the service
 * that runs it, are compared with it, too.
 */
async function verifyDefinition(
  session: Session,
  revision: number | undefined,
  isDeep: boolean,
): Promise<Found<readonly Verified[]>> {
  const { signal } = session;
  const ecs = await session.connectEcs();
  const subject = await readSubject(session, ecs, revision);
  if ("refusal" in subject) return subject;
  const { definition, service } = subject.result;
  const references = [...findReferences(definition), ...findServiceReferences(service, definition)];
  const checker = await session.connectReferences();
  const [found, deeper] = await Promise.all([
    verifyReferences(references, checker, signal),
    isDeep ? verifyDeeper(session, ecs, { definition, service, references }) : [],
  ]);
  return { result: [...found, ...deeper, ...findAttachmentMisfits(service, definition)] };
}

/** What AWS's simulation leaves out (API reference of SimulatePrincipalPolicy). */
const SIMULATED = "Permissions are simulated: policies of secrets, keys, buckets and repositories are not seen, " +
  "those of the organization in part";

/** Verifies also what only the service has: what its file leaves to ECS, or all of it if there is no file. */
async function verifyDeeper(session: Session, ecs: Ecs, deep: DeepSubject): Promise<Verified[]> {
  const { log, config, ref, signal } = session;
  log.info(SIMULATED);
  const reading = config.service === undefined ? Promise.resolve(undefined) : ecs.describeService(ref, signal);
  const running = await unlessDenied(reading, (denial) => log.warn(describeUnread("besidesFile", denial)));
  const service = { ...running?.raw, ...deep.service };
  return await verifyDeeply({ ...deep, service }, await session.connectDeepChecks(), signal);
}

interface Subject {
  readonly definition: JsonObject;
  readonly service: JsonObject;
}

/** Reads the task definition to verify, and the service that it is for. */
async function readSubject(session: Session, ecs: Ecs, revision: number | undefined): Promise<Found<Subject>> {
  const { config, scope, signal, log } = session;
  if (revision !== undefined) {
    const name = `${await readFamily(session, ecs)}:${revision}`;
    log.info(`Verifying ${name}`);
    const found = await ecs.describeTaskDefinition(name, signal);
    if (found !== undefined) return { result: { definition: found.raw, service: {} } };
    return { refusal: { code: "noSuchTaskDefinition", name, scope } };
  }
  if (config.path === undefined) return await readRunning(session, ecs);
  log.info(`Verifying ${config.taskDefinition ?? "the task definition"}`);
  const definition = (await loadTaskDefinition(session, ecs)).value;
  const service = config.serviceDefinition === undefined ? {} : (await loadServiceDefinition(session, ecs)).value;
  return { result: { definition, service } };
}

async function readRunning(session: Session, ecs: Ecs): Promise<Found<Subject>> {
  const { scope, ref, signal, log } = session;
  const service = await ecs.describeService(ref, signal);
  if (service === undefined) return { refusal: { code: "serviceMissing", intent: "verify", ref } };
  const arn = taskDefinitionOf(service);
  if (arn !== undefined) log.info(`Verifying ${shortName(arn)}, which runs`);
  const found = arn === undefined ? undefined : await ecs.describeTaskDefinition(arn, signal);
  if (found === undefined) return { refusal: { code: "noSuchTaskDefinition", name: arn, scope } };
  return { result: { definition: found.raw, service: service.raw } };
}

/**
 * Logs what the checks come to. Returns how that ends the command.
 *
 * @throws AwsError if AWS could not be asked, or refused every call: then nothing is verified
 */
function conclude(verified: readonly Verified[], { log }: Session): Ending {
  const count = (wanted: Verified["state"]) => verified.filter(({ state }) => state === wanted).length;
  const unknown = count("unknown");
  if (unknown > 0) log.warn(`${unknown} could not be checked, and may be missing`);
  const problems = [[count("missing"), "missing"], [count("unfit"), "unfit"]] as const;
  const found = problems.filter(([number]) => number > 0).map(([number, what]) => `${number} ${what}`);
  if (found.length > 0) {
    log.error(`${found.join(", ")}: tasks will not start, or get no traffic`);
    return "refused";
  }
  const failures = verified.flatMap(({ reason }) => reason?.code === "noAnswer" ? reason.failure : []);
  // If a permission is missing, one thing stays unknown. With no answer, or nothing found, nothing is verified.
  const unanswered = failures.find((one) => !isRefusal(one));
  const failure = unanswered ?? (count("there") === 0 ? failures[0] : undefined);
  if (failure !== undefined) throw new AwsError(failure);
  log.info(count("there") === 0 ? "It names nothing that can be looked up in AWS" : "Nothing is known to be missing");
  return "ok";
}

/** Renders one line for each thing, its state first: `missing  image 123456789012.dkr.ecr...`. */
function renderVerified(verified: readonly Verified[]): string[] {
  return verified.map(({ reference, state, reason }) => {
    return `${state.padEnd(7)}  ${nameNeed(reference)}${inBrackets(reason && explainNeed(reason))}`;
  });
}

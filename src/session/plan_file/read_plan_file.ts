import { readJsonSettings } from "../../config/json_tree.ts";
import { parseDuration } from "../../config/parse_duration.ts";
import { SettingsReader } from "../../config/settings.ts";
import { checkSize, requireUserFile, resolveBeside } from "../../config/files/user_files.ts";
import { failIn, indexLines } from "../../config/files/positions.ts";
import { ConfigError } from "../../errors.ts";
import type { Files } from "../../host.ts";
import { findTaskDefinition, isRegion, type Revision } from "../../model/arn.ts";
import { type ContainerImage, parseImageName } from "../../model/images.ts";
import { withoutUndefined } from "../../model/json.ts";
import type { PlanFileProblem } from "../../problems.ts";
import {
  type CarriedOptions,
  isValidBakeTime,
  type PlanFileRollback,
  type RollbackOptions,
} from "../../rollout/plan/options.ts";
import type { Policy } from "../../rollout/outcome.ts";
import { isRoleArn } from "../global_options.ts";
import { isPlainName, optionsFor, type ServiceSelector } from "../service_selector.ts";
import { findConflict, keyAtFault } from "../rollback_conflicts.ts";
import type { NamesInFile } from "../pick_services.ts";

/** Distinguishes a plan file from other JSON; docs/plan.schema.json describes the rest. */
export const PLAN_FORMAT = "ecspresso rollback plan";
export const PLAN_VERSION = 1;

/** The options of a plan file: how its rollbacks are carried out. */
export interface PlanFileOptions {
  readonly carried: CarriedOptions;
  readonly policy: Partial<Policy>;
  /** What to note on the services: how many milliseconds they are held, and why they are rolled back. */
  readonly notes: Pick<RollbackOptions, "hold" | "reason">;
}

/** A plan file, read and checked. */
export interface PlanFile extends PlanFileOptions {
  readonly path: string;
  readonly madeAtMs: number;
  readonly services: readonly PlanFileService[];
}

/** One service of a plan file. */
export interface PlanFileService extends PlanFileRollback {
  readonly selector: ServiceSelector;
  /** The names that the plan was made for, and the account. */
  readonly names: PlanFileNames;
  /** The ARN of the deployment to go back to, if the revision's number would mean another one. */
  readonly serviceDeployment: string | undefined;
  /** Throws a ConfigError with the place of a key's value. */
  readonly fail: (key: string, problem: PlanFileProblem) => never;
}

type PlanFileNames = Readonly<Record<keyof NamesInFile, string>>;

const KEYS = new Set(["format", "version", "madeAt", "madeBy", "options", "services"]);
const SERVICE_KEYS = new Set(["service", "cluster", "region", "account", "config", "role", "wave", "from", "to"]);
const FROM_KEYS = new Set(["taskDefinition", "deployment", "images"]);
const TO_KEYS = new Set(["taskDefinition", "serviceDeployment", "images"]);
const IMAGE_KEYS = new Set(["container", "image"]);

/**
 * Reads and checks a plan file, which somebody may have edited.
 *
 * @throws ConfigError with file, line, column and key, also if there is no such file
 */
export async function readPlanFile(path: string, files: Pick<Files, "readText" | "kindOf">): Promise<PlanFile> {
  const text = await readText(path, files);
  const positionAt = indexLines(text);
  const position = (offset: number) => ({ file: path, ...positionAt(offset) });
  const failAt = failIn(position);
  const reader = new SettingsReader(readJsonSettings({ text, failAt, positionAt: position }, "plan"), failAt);
  checkFormat(reader);
  reader.refuseUnknownKeys(KEYS);
  const madeAtMs = Date.parse(reader.readRequiredText("madeAt", 'a time such as "2026-11-27T12:00:00.000Z"'));
  if (Number.isNaN(madeAtMs)) reader.fail("madeAt", { code: "noTime" });
  const services: PlanFileService[] = [];
  const known = new Set<string>();
  for (const one of reader.readMaps("services")) {
    const service = readService(one, path, madeAtMs);
    const names = JSON.stringify(service.names);
    if (known.has(names)) one.fail("service", { code: "serviceTwice" });
    known.add(names);
    services.push(service);
  }
  if (services.length === 0) reader.fail("services", { code: "noServices" });
  return { path, madeAtMs, services, ...readOptions(reader.readMap("options")) };
}

async function readText(path: string, files: Pick<Files, "readText" | "kindOf">): Promise<string> {
  if (await files.kindOf(path) === "stream") throw new ConfigError({ code: "planIsStream" }, { file: path });
  const text = await requireUserFile(path, "plan", files);
  checkSize(text, path, { kind: "plan" });
  return text;
}

function checkFormat(reader: SettingsReader): void {
  const [format, version] = [reader.readText("format"), reader.readCount("version")];
  if (format !== PLAN_FORMAT) reader.fail("format", { code: "noPlanFormat", format: PLAN_FORMAT });
  if (version === PLAN_VERSION) return;
  const isNewer = version !== undefined && version > PLAN_VERSION;
  reader.fail("version", { code: "otherPlanVersion", version: PLAN_VERSION, isNewer });
}

function readService(reader: SettingsReader, path: string, madeAtMs: number): PlanFileService {
  reader.refuseUnknownKeys(SERVICE_KEYS);
  const names = readNames(reader);
  const [from, to] = [readSide(reader, "from"), readSide(reader, "to")];
  from.refuseUnknownKeys(FROM_KEYS);
  to.refuseUnknownKeys(TO_KEYS);
  const config = reader.readText("config");
  const role = reader.readText("role");
  if (role !== undefined && !isRoleArn(role)) reader.fail("role", { code: "noRole" });
  const wave = reader.readCount("wave") ?? 1;
  return {
    selector: { ...selectorOf(config && resolveBeside(path, config), names), role, wave },
    names,
    madeAtMs,
    from: readRevision(from, names),
    deployment: from.readText("deployment"),
    fromImages: readImages(from),
    to: readRevision(to, names),
    serviceDeployment: to.readText("serviceDeployment"),
    toImages: readImages(to),
    fail: (key, problem) => reader.fail(key, problem),
  };
}

/** Without a config, the service is found by its names, and its account is compared first. */
function selectorOf(config: string | undefined, { service, cluster, region, account }: PlanFileNames): ServiceSelector {
  if (config !== undefined) return { kind: "config", path: config, mayBePattern: false, wave: 1 };
  const named = { service, cluster, region };
  return { kind: "named", named: { ...named, options: optionsFor(named) }, account, wave: 1 };
}

function readNames(reader: SettingsReader): PlanFileNames {
  const names = {
    service: reader.readRequiredText("service", "service: NAME"),
    cluster: reader.readRequiredText("cluster", "cluster: NAME"),
    region: reader.readRequiredText("region", "a region such as ap-northeast-1"),
    account: reader.readRequiredText("account", "the 12 digits of the account"),
  };
  for (const kind of ["service", "cluster"] as const) {
    if (!isPlainName(names[kind])) reader.fail(kind, { code: "noPlainName", kind });
  }
  if (!isRegion(names.region)) reader.fail("region", { code: "noRegion" });
  if (!/^\d{12}$/.test(names.account)) reader.fail("account", { code: "noAccount" });
  return names;
}

function readSide(reader: SettingsReader, key: "from" | "to"): SettingsReader {
  return reader.readMap(key) ?? reader.failMissing(key, '{"taskDefinition": "ARN"}');
}

function readRevision(side: SettingsReader, { region, account }: PlanFileNames): Revision {
  const arn = side.readRequiredText("taskDefinition", "the ARN of a task definition");
  const revision = findTaskDefinition(arn);
  if (revision === undefined) return side.fail("taskDefinition", { code: "noTaskDefinition" });
  const [, , , ofRegion, ofAccount] = arn.split(":");
  if (ofRegion !== region) side.fail("taskDefinition", { code: "ofElsewhere", kind: "region", its: region });
  if (ofAccount !== account) side.fail("taskDefinition", { code: "ofElsewhere", kind: "account", its: account });
  return revision;
}

/** An image without a digest does not say what runs. */
function readImages(side: SettingsReader): ContainerImage[] {
  return side.readMaps("images").flatMap((reader) => {
    reader.refuseUnknownKeys(IMAGE_KEYS);
    const container = reader.readRequiredText("container", "the container's name");
    const image = reader.readRequiredText("image", "the image's name");
    const { digest } = parseImageName(image);
    return digest === undefined ? [] : [{ container, image, digest }];
  });
}

const PIN = ["auto", "never", "always"] as const;
const RESTORE = ["warn", "service", "none"] as const;
const ON_FAILURE = ["continue", "stop", "undo"] as const;
const FLAGS = ["reregister", "allowUnproven", "deregister", "fast", "suspendAutoScaling", "resumeAutoScaling"] as const;
const OPTION_KEYS = new Set([
  ...["pin", "restore", "preflight", "failAfter", "wait", "bake", "alarm", "timeout", "parallel", "onFailure"],
  ...["hold", "reason"],
  ...FLAGS,
]);

/** Reads how to carry a plan out: the options by their names, each as on the command line. Throws a ConfigError. */
function readOptions(reader: SettingsReader | undefined): PlanFileOptions {
  if (reader === undefined) return { carried: {}, policy: {}, notes: {} };
  reader.refuseUnknownKeys(OPTION_KEYS);
  const flags = FLAGS.map((name) => [name, reader.readFlag(name)] as const);
  const carried: CarriedOptions = withoutUndefined({
    pin: readOne(reader, "pin", PIN),
    restore: readOne(reader, "restore", RESTORE),
    preflight: readPreflight(reader),
    failAfter: reader.readCount("failAfter", true),
    wait: reader.readFlag("wait"),
    bake: readBake(reader),
    alarm: reader.readTexts("alarm").length === 0 ? undefined : reader.readTexts("alarm"),
    givenTimeoutMs: reader.readTimeoutMs("timeout"),
    ...Object.fromEntries(flags),
  });
  const onFailure = readOne(reader, "onFailure", ON_FAILURE);
  const conflict = findConflict({ ...carried, onFailure });
  if (conflict !== undefined) {
    reader.fail(keyAtFault(conflict), { code: conflict.includes("--no-wait") ? "notWithoutWaiting" : "notWithUndo" });
  }
  return {
    carried,
    policy: withoutUndefined({ parallel: reader.readCount("parallel"), onFailure }),
    notes: { hold: reader.readTimeoutMs("hold") || undefined, reason: reader.readText("reason") },
  };
}

function readOne<Choice extends string>(
  reader: SettingsReader,
  key: string,
  choices: readonly Choice[],
): Choice | undefined {
  const text = reader.readText(key);
  return text === undefined
    ? undefined
    : choices.find((choice) => choice === text) ?? reader.fail(key, { code: "noneOf", choices });
}

function readPreflight(reader: SettingsReader): number | "off" | undefined {
  const text = reader.readText("preflight");
  if (text === undefined || text === "off") return text;
  const ms = parseDuration(text);
  return typeof ms === "number" && ms > 0 ? ms : reader.fail("preflight", { code: "noPreflight" });
}

function readBake(reader: SettingsReader): number | undefined {
  const text = reader.readText("bake");
  const ms = text === undefined ? undefined : parseDuration(text);
  return ms === undefined || (typeof ms === "number" && isValidBakeTime(ms))
    ? ms
    : reader.fail("bake", { code: "noBake" });
}

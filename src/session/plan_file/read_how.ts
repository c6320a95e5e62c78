import { parseDuration } from "../../config/parse_duration.ts";
import type { SettingsReader } from "../../config/settings.ts";
import type { CarriedOptions } from "../../rollout/plan/carried_options.ts";
import type { PlannedHow } from "./plan_file.ts";

const PIN = ["auto", "never", "always"] as const;
const RESTORE = ["warn", "service", "none"] as const;
const ON_FAILURE = ["continue", "stop", "undo"] as const;
const FLAGS = ["reregister", "allowUnproven", "deregister", "suspendAutoScaling", "resumeAutoScaling"] as const;
const KEYS = new Set([
  ...["pin", "restore", "preflight", "failAfter", "wait", "timeout", "parallel", "onFailure"],
  ...FLAGS,
]);

/** Reads how a plan is carried out: the options by their names, each as on the command line. Throws a ConfigError. */
export function readHow(reader: SettingsReader | undefined): PlannedHow {
  if (reader === undefined) return { carried: {}, policy: {} };
  reader.refuseUnknownKeys(KEYS);
  const flags = FLAGS.map((name) => [name, reader.readFlag(name)] as const);
  const carried = withoutUnset<CarriedOptions>({
    pin: readOne(reader, "pin", PIN),
    restore: readOne(reader, "restore", RESTORE),
    preflight: readPreflight(reader),
    failAfter: reader.readCount("failAfter", true),
    wait: reader.readFlag("wait"),
    givenTimeoutMs: reader.readTimeoutMs("timeout"),
    ...Object.fromEntries(flags),
  });
  const onFailure = readOne(reader, "onFailure", ON_FAILURE);
  refuseWithoutWaiting(carried, onFailure, reader);
  if (onFailure === "undo" && carried.deregister) {
    reader.fail("deregister", { code: "notWithUndo" });
  }
  return { carried, policy: withoutUnset({ parallel: reader.readCount("parallel"), onFailure }) };
}

function refuseWithoutWaiting(
  { wait, deregister, failAfter, suspendAutoScaling, resumeAutoScaling }: CarriedOptions,
  onFailure: PlannedHow["policy"]["onFailure"],
  reader: SettingsReader,
): void {
  if (wait !== false) return;
  const fail = (key: string) => reader.fail(key, { code: "notWithoutWaiting" });
  if (deregister) fail("deregister");
  if (failAfter !== undefined) fail("failAfter");
  if (suspendAutoScaling && resumeAutoScaling) fail("resumeAutoScaling");
  if (onFailure === "undo") fail("onFailure");
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

function withoutUnset<Values extends object>(values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Values;
}

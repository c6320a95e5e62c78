/** What the program makes of a row: run twice, as a user sees it and as events, in a world of its own each time. */
import type { Emulator } from "../emulator/emulator.ts";
import type { JsonObject } from "../emulator/model.ts";
import { ask } from "../emulator/asking.ts";
import { type Result, runInProcess } from "../in_process.ts";
import type { Row } from "./row.ts";
import { filesOf, SERVICE, typed, worldOf } from "./scene.ts";

/** The columns of the table. */
export const COLUMNS = ["cause", "container", "live", "advice", "next", "names", "seconds", "events"] as const;
type Column = (typeof COLUMNS)[number];

/** How many lines at the end have to say it. */
const LAST_LINES = 5;
const NOT_THE_RELEASE = /the release is not to blame/;
/** Who serves users, in the same words everywhere. */
const LIVE =
  /myservice:\d is (?:still live|STILL LIVE|live again|live)\b|NOTHING is live|Both are live|gets the production traffic is not known/;
/** What may be taken for something else: whose tasks, an image's tag for a revision, a count that goes on, a relative time. */
const MISTAKABLE = [
  /\btasks? stopped:/,
  /image \S*myservice:\d+\.\d/,
  /so far/,
  /--since 1h/,
];
/** How soon after ECS knows. */
const LATEST_SECONDS = 5;

export interface Score {
  readonly row: Row;
  /** What is wrong, by column: nothing where it is right; a column that does not apply is left out. */
  readonly wrong: Readonly<Partial<Record<Column, readonly string[]>>>;
  readonly seconds: number | undefined;
  /** What the user sees. */
  readonly output: string;
}

/** Runs a row and judges it. */
export async function score(row: Row): Promise<Score> {
  const { scene, expects } = row;
  const { output, code } = await seen(row);
  const last = output.trimEnd().split("\n").slice(-LAST_LINES).join("\n");
  const events = scene.command === "status" ? undefined : await eventsOf(row);
  const isRight = expects.isOfPlatform ? [NOT_THE_RELEASE] : [];
  return {
    row,
    output: `${output}--- exit code ${code}\n`,
    seconds: events?.seconds,
    wrong: {
      cause: missing(last, [...expects.cause, ...(expects.said === undefined ? [] : [literally(expects.said)])]),
      ...(expects.container !== undefined && { container: missing(last, [inWords(expects.container)]) }),
      live: missing(last, [LIVE]),
      names: present(last, MISTAKABLE),
      advice: [
        ...missing(output, [...expects.advice ?? [], ...isRight]),
        ...present(sayings(output), expects.never ?? []),
      ],
      ...(expects.next !== undefined && { next: missing(last, [expects.next]) }),
      ...(events && { seconds: events.lateness, events: events.wrong }),
    },
  };
}

/** The whole output of a row, as on a screen. */
async function seen({ scene }: Row): Promise<{ output: string; code: number }> {
  const { stdout, stderr, code } = await run(worldOf(scene), typed(scene), filesOf(scene));
  return { output: `${stderr}${stdout}`, code };
}

function run(emulator: Emulator, args: string, files: Readonly<Record<string, string>>): Promise<Result> {
  return runInProcess(emulator, args.split(" "), { files });
}

const inWords = (container: string) => new RegExp(`\\bcontainer ${container}\\b`);
const literally = (text: string) => new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));

function missing(text: string, wanted: readonly RegExp[]): string[] {
  return wanted.filter((pattern) => !pattern.test(text)).map((pattern) => `no ${pattern}`);
}

function present(text: string, unwanted: readonly RegExp[]): string[] {
  return unwanted.filter((pattern) => pattern.test(text)).map((pattern) => `has ${pattern}`);
}

/** The output without the list of what the deploy changes, which names containers that it blames for nothing. */
function sayings(output: string): string {
  return output.replaceAll(/^.*\/default {3}(?:task|container \S+): .*\n/gm, "");
}

interface EventScore {
  readonly wrong: readonly string[];
  readonly lateness: readonly string[];
  readonly seconds: number | undefined;
}

async function eventsOf(row: Row): Promise<EventScore> {
  const { scene } = row;
  const emulator = worldOf(scene);
  const sinceMs = emulator.now();
  const { stdout } = await run(emulator, `${typed(scene)} --output json`, filesOf(scene));
  const events = stdout.trimEnd().split("\n").map((line): JsonObject => JSON.parse(line));
  const causes = events.filter(({ event }) => event === "causes");
  const shownAtMs = Date.parse(String(causes[0]?.time));
  const seconds = (shownAtMs - knownSinceMs(emulator, sinceMs)) / 1_000;
  return {
    wrong: [
      ...wrongCause("causes", (causes.at(-1)?.causes as JsonObject[] | undefined)?.[0], row),
      ...wrongCause("finished", events.at(-1)?.cause as JsonObject | undefined, row),
      ...wrongMessage(events.at(-1)!),
    ],
    seconds: Number.isFinite(seconds) ? seconds : undefined,
    lateness: seconds <= LATEST_SECONDS ? [] : [Number.isFinite(seconds) ? `${seconds} s` : "never"],
  };
}

function wrongCause(event: string, cause: JsonObject | undefined, { scene, expects }: Row): string[] {
  if (cause === undefined) return [`${event}: no cause`];
  const { code, container, said = "" } = expects;
  // Where there is only one container, it may be named although ECS speaks of the task.
  const mayName = container === undefined && (scene.containers ?? []).length < 2 ? ["app", undefined] : [container];
  return [
    ...([code].flat().some((one) => one === cause.code) ? [] : [`${event}: code ${cause.code} for ${code}`]),
    ...(mayName.includes(cause.container as string | undefined)
      ? []
      : [`${event}: container ${cause.container} for ${container}`]),
    ...(String(cause.reason).includes(said) ? [] : [`${event}: reason ${cause.reason}`]),
  ];
}

/** The sentence that a job summary begins with, too, has to name the cause. */
function wrongMessage({ message, cause }: JsonObject): string[] {
  const words = (cause as JsonObject | undefined)?.message;
  return words === undefined || String(message).includes(String(words))
    ? []
    : [`finished: "${message}" without "${words}"`];
}

/** When ECS first showed what is wrong: a task that stops, an event of failure, the end of the deployment. */
function knownSinceMs(emulator: Emulator, sinceMs: number): number {
  const { taskArns } = ask(emulator, "ListTasks", { serviceName: SERVICE, desiredStatus: "STOPPED" }).output;
  const { tasks } = taskArns.length === 0
    ? { tasks: [] }
    : ask(emulator, "DescribeTasks", { tasks: taskArns.slice(0, 100) }).output;
  const stops = (tasks as JsonObject[])
    .filter(({ stoppedReason }) => !String(stoppedReason).startsWith("Scaling activity"))
    .map(({ stoppingAt }) => Number(stoppingAt) * 1_000);
  const failures = (emulator.describeService(SERVICE).events as JsonObject[])
    .filter(({ message }) => /unable to|failed|unhealthy|throttled/.test(String(message)))
    .map(({ createdAt }) => Number(createdAt) * 1_000);
  return Math.min(...[...stops, ...failures].filter((atMs) => atMs >= sinceMs - 60_000));
}

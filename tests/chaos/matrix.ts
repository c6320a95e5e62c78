import type { Misbehaviour, Times } from "./misbehaviour.ts";
import { MISBEHAVIOURS } from "./misbehaviours.ts";
import { type Scene, SCENES } from "./scenes.ts";

/** Which misbehaviours are tried at which calls, and how often. */

/** One cell of the matrix: a run with one thing wrong. */
export interface Cell {
  /** `deploy/UpdateService#1/302-to-another-origin/once/not-carried-out` */
  readonly name: string;
  readonly scene: Scene;
  readonly operation: string;
  /** The first call of the operation that is hit, counted from 1. */
  readonly nth: number;
  readonly times: Times;
  readonly misbehaviour: Misbehaviour;
  readonly isCarriedOut: boolean;
}

/** A call of an undisturbed run that is worth disturbing. */
export interface Stage {
  readonly scene: Scene;
  readonly operation: string;
  readonly nth: number;
}

const OFTEN: readonly Times[] = ["once", "once", "for-ever", "twice", "once", "everything", "for-ever", "twice"];
/** What is tried on every change: what may be taken for its being done, and what may carry it elsewhere. */
const ON_CHANGES = [
  "200 {}",
  "200 empty",
  "200 HTML",
  "200 an error's name",
  "204",
  "302 to another origin",
  "307 to another origin",
  "308 to the same origin",
  "403 HTML",
  "407",
  "429 HTML",
  "503 HTML",
  "closed without an answer",
  "half a body, then reset",
  "the answer to the call before",
  "AWS throttles under 200",
  "AWS denies",
];
const CHANGE = /^(Update|Stop|Register|Deregister|Tag|Untag)/;
const CELLS_A_MISBEHAVIOUR = 3;

/** First, middle and last call of each operation. `calls`: those of an undisturbed run, as `UpdateService#1`. */
export function stagesOf(scene: Scene, calls: readonly string[]): Stage[] {
  const operations = [...new Set(calls.map((call) => call.split("#")[0]!))];
  return operations.flatMap((operation) => {
    const count = calls.filter((call) => call.startsWith(`${operation}#`)).length;
    const which = new Set([1, Math.ceil((count + 1) / 2), count]);
    return [...which].map((nth) => ({ scene, operation, nth }));
  });
}

function cellOf(stage: Stage, misbehaviour: Misbehaviour, times: Times, isCarriedOut: boolean): Cell {
  const { scene, operation, nth } = stage;
  const done = isCarriedOut ? "carried-out" : "not-carried-out";
  const name = [scene.name, `${operation}#${nth}`, slugOf(misbehaviour.name), times, done].join("/");
  return { name, scene, operation, nth, times, misbehaviour, isCarriedOut };
}

/** As it can be typed in a shell without quotes. */
function slugOf(name: string): string {
  if (name === "200 {}") return "200-braces";
  if (name === "201 {}") return "201-braces";
  if (name === "200 []") return "200-brackets";
  return name.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
}

/** The cell of a name, whether or not it is among those that are tried unasked. */
export function findCell(name: string): Cell | undefined {
  const [sceneName, call = "", misbehaviourName, times, done] = name.split("/");
  const scene = SCENES.find((candidate) => candidate.name === sceneName);
  const misbehaviour = MISBEHAVIOURS.find((candidate) => slugOf(candidate.name) === misbehaviourName);
  const [operation = "", nth] = call.split("#");
  if (scene === undefined || misbehaviour === undefined || !OFTEN.includes(times as Times)) return undefined;
  return cellOf({ scene, operation, nth: Number(nth) }, misbehaviour, times as Times, done === "carried-out");
}

/**
 * The cells that are tried: each misbehaviour at some stages, other ones with each `seed`, so that every stage has its
 * share; and at every change what may be mistaken for its being done.
 */
export function selectCells(stages: readonly Stage[], seed: number): Cell[] {
  const order = shuffle(stages, seed);
  let next = 0;
  const spread = MISBEHAVIOURS.flatMap((misbehaviour, index) =>
    Array.from({ length: CELLS_A_MISBEHAVIOUR }, (_, turn) => {
      const stage = order[next++ % order.length]!;
      const isCarriedOut = misbehaviour.carriedOut === "always" ||
        (misbehaviour.carriedOut === "either" && (index + turn) % 2 === 0);
      const { only = OFTEN } = misbehaviour;
      return cellOf(stage, misbehaviour, only[(seed + index * 3 + turn) % only.length]!, isCarriedOut);
    })
  );
  const changes = stages.filter(({ operation }) => CHANGE.test(operation));
  const onChanges = MISBEHAVIOURS.filter(({ name }) => ON_CHANGES.includes(name)).flatMap((misbehaviour, index) =>
    changes.map((stage, turn) => {
      const isCarriedOut = misbehaviour.carriedOut === "always" ||
        (misbehaviour.carriedOut === "either" && (seed + index + turn) % 2 === 0);
      return cellOf(stage, misbehaviour, "once", isCarriedOut);
    })
  );
  return [...new Map([...spread, ...onChanges].map((cell) => [cell.name, cell])).values()];
}

/** In an order that depends on the seed alone. */
function shuffle<Item>(items: readonly Item[], seed: number): Item[] {
  let state = seed * 2_654_435_761 >>> 0;
  // https://en.wikipedia.org/wiki/Linear_congruential_generator
  const random = () => (state = (state * 1_664_525 + 1_013_904_223) >>> 0) / 2 ** 32;
  const shuffled = [...items];
  for (let index = shuffled.length - 1; index > 0; index--) {
    const other = Math.floor(random() * (index + 1));
    [shuffled[index], shuffled[other]] = [shuffled[other]!, shuffled[index]!];
  }
  return shuffled;
}

/** What the wire does to the calls of a cell's run. */
export function interferenceOf({ operation, nth, times, misbehaviour, isCarriedOut }: Cell) {
  const last = times === "once" ? nth : times === "twice" ? nth + 1 : Infinity;
  let hasBegun = false;
  return (called: string, count: number) => {
    const isHit = called === operation && count >= nth && count <= last;
    hasBegun ||= isHit;
    const isMeant = isHit || (times === "everything" && hasBegun);
    return isMeant ? { act: misbehaviour.act, isCarriedOut } : undefined;
  };
}

/** So many of the cells, the same for the same seed: every fifth has trouble that lasts, and none waits for long. */
export function sampleOf(cells: readonly Cell[], count: number, seed: number): Cell[] {
  const quick = shuffle(cells, seed).filter(({ misbehaviour, isCarriedOut, operation }) =>
    misbehaviour.isSlow === undefined &&
    !(misbehaviour.means === "trouble" && !isCarriedOut && operation === "UpdateService")
  );
  const isLasting = ({ times }: Cell) => times === "for-ever" || times === "everything";
  const lasting = quick.filter(isLasting).slice(0, Math.floor(count / 5));
  return [...lasting, ...quick.filter((cell) => !isLasting(cell)).slice(0, count - lasting.length)];
}

/** A row of the table: one way in which ECS fails a deployment, and what the program has to make of it. */
import type { CauseCode } from "../../src/diagnosis/cause.ts";
import type { Behaviour } from "../emulator/behaviours.ts";
import type { Emulator, EmulatorOptions } from "../emulator/emulator.ts";
import type { JsonObject } from "../emulator/model.ts";

export interface Row {
  readonly name: string;
  /** Where ECS's words are from. */
  readonly source: string;
  readonly scene: Scene;
  readonly expects: Expectation;
}

/** myservice:2 runs well, and 3 is deployed, which fails. */
export interface Scene {
  /** How the tasks of 3 behave. */
  readonly fails?: Behaviour;
  /** What is typed: a deploy of the files, unless it is something else. */
  readonly command?: Command;
  /** Further options of the command. */
  readonly options?: string;
  /** The containers of all revisions: `app` alone, unless there are more. */
  readonly containers?: readonly JsonObject[];
  /** Other members of the task definitions. */
  readonly definition?: JsonObject;
  /** Other members of the service. A circuit breaker that does not go back, unless it says otherwise. */
  readonly service?: JsonObject;
  /** What the service definition of the files changes in that. */
  readonly changes?: JsonObject;
  readonly settings?: EmulatorOptions;
  /** What else happens to 3, just after it was ordered. */
  readonly then?: (emulator: Emulator) => void;
}

export type Command = "deploy" | "rollback" | "wait" | "status";

/** From AWS's pages and the facts about ECS, not from what the program prints. */
interface Expectation {
  readonly code: CauseCode | readonly CauseCode[];
  /** The container that is to blame; none where ECS knows of none. */
  readonly container?: string;
  /** Each has to be in the last five lines. */
  readonly cause: readonly RegExp[];
  /** Each has to be somewhere in the output. */
  readonly advice?: readonly RegExp[];
  /** None may be anywhere in the output, but for the list of what a deploy changes. */
  readonly never?: readonly RegExp[];
  /** The command in the last five lines. */
  readonly next?: RegExp;
  /** A part of ECS's words that must be given whole. */
  readonly said?: string;
  /** It is not the release's fault, and that is said. */
  readonly isOfPlatform?: true;
}

/** The next command after a deployment that stays as it is: back to what ran. */
export const ROLL_BACK = /ecspresso rollback --revision 2 --from 3$/m;
/** Another try, once what is no fault of the release is mended: back would be in the same place. */
export const TRY_AGAIN =
  /then start myservice:3 again: aws .*update-service .*--force-new-deployment .*&& ecspresso wait$/m;
/** Where the service is back: what shows why the container ended. */
export const READ_LOG = /logs tail \/ecs\/myservice/;
/** After a rollback that fails: somebody has to choose. */
export const CHOOSE = /ecspresso (?:rollback|revisions|history)\b/;
/** Where waiting may mend it, too. */
export const WAIT_OR_BACK = /ecspresso (?:wait|status|rollback)\b/;

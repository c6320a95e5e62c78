/** What an action is: the input of one operation and the world, to the output of that operation. */
import type { Input } from "../input.ts";
import type { JsonObject, World } from "../model.ts";

/** One operation. @throws AwsFailure for every error answer */
type Action = (world: World, input: Input) => JsonObject;

/** The actions of one file, by operation name. */
export type Actions = Record<string, Action>;

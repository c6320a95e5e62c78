import { capitalize } from "./log.ts";
import type { Intent, Refusal } from "../../rollout/plan/refusal.ts";

/** What a command does to a service, in words. */
interface Work {
  /** The name of the work. */
  readonly noun: string;
  /** EndMessage when it begins; the target follows. */
  readonly begins: string;
  /** EndMessage when it is done; the number of services follows. */
  readonly did: string;
  /** The service's state afterwards. */
  readonly done: string;
}

export const WORK: Readonly<Record<Intent, Work>> = {
  deploy: { noun: "deploy", begins: "Deploying", did: "Deployed", done: "deployed" },
  rollback: { noun: "rollback", begins: "Rolling back to", did: "Rolled back", done: "back" },
  wait: { noun: "deployment", begins: "Waiting for", did: "Watched", done: "stable" },
  scale: { noun: "scaling", begins: "Scaling", did: "Scaled", done: "scaled" },
};

/** The commands that plan, and follow what they have begun. */
export const INTENTS = Object.keys(WORK) as readonly Intent[];

/** What a command does, or cannot do; the name of the service follows. */
export const VERBS: Readonly<Record<Refusal["intent"], string>> = {
  deploy: "deploy",
  rollback: "roll back",
  wait: "wait for",
  scale: "scale",
  status: "show",
  verify: "verify",
  init: "write the files of",
  hold: "hold",
};

/** `Deploy of myservice:5`, `Rollback to myservice:3`; without a target `Deploy`. */
export function nameWork(intent: Intent, target: string | undefined): string {
  const noun = capitalize(WORK[intent].noun);
  return target === undefined ? noun : `${noun} ${intent === "rollback" ? "to" : "of"} ${target}`;
}

/** Ids and ARNs. Ids look like AWS's but are derived from the world's sequence, so that a run can be repeated exactly. */
import type { World } from "./model.ts";

const HEX = 16;
const TASK_ID_LENGTH = 32;

/** Spreads consecutive numbers over 32 bits (the finaliser of MurmurHash3), so that neighbouring ids look unrelated. */
function scatter(value: number): number {
  let bits = value | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/** Digits in the given base, derived from a number: the same number always gives the same digits. */
function derivedDigits(seed: number, length: number, base: 10 | 16): string {
  let digits = "";
  for (let word = 1; digits.length < length; word++) {
    digits += scatter(seed * 31 + word).toString(base).padStart(base === HEX ? 8 : 10, "0");
  }
  return digits.slice(0, length);
}

function nextSequence(world: World): number {
  return ++world.sequence;
}

/** 32 hexadecimal digits: a task's id. */
export function newTaskId(world: World): string {
  return derivedDigits(nextSequence(world), TASK_ID_LENGTH, HEX);
}

/** 19 digits, ascending: the number of a deployment or of a service revision. */
export function newNumber(world: World): string {
  const sequence = nextSequence(world);
  return `${String(1_000_000 + sequence)}${derivedDigits(sequence, 12, 10)}`;
}

/** A UUID-shaped id: events and requests. */
export function newUuid(world: World): string {
  return uuidFrom(nextSequence(world));
}

/** The UUID-shaped id that belongs to a number. */
export function uuidFrom(seed: number): string {
  const hex = derivedDigits(seed, TASK_ID_LENGTH, HEX);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** 21 characters, as in the ARN of a service deployment. */
export function newServiceDeploymentId(world: World): string {
  return derivedDigits(nextSequence(world), 21, HEX);
}

/**
 * Hexadecimal digits that belong to a text: what is made from a name alone (a digest, the end of a secret's ARN) must
 * not move the world's sequence, or every id after it would change.
 */
export function digitsFrom(text: string, length: number): string {
  let seed = 0;
  for (const character of text) seed = scatter(seed * 31 + (character.codePointAt(0) ?? 0));
  return derivedDigits(seed, length, HEX);
}

/** `arn:aws:ecs:<region>:<account>:<resource>` */
export function ecsArn(world: World, resource: string): string {
  return `arn:aws:ecs:${world.settings.region}:${world.settings.accountId}:${resource}`;
}

/** The ARN of a new scalable target. */
export function newScalableTargetArn(world: World): string {
  const { region, accountId } = world.settings;
  const id = derivedDigits(nextSequence(world), 34, HEX);
  return `arn:aws:application-autoscaling:${region}:${accountId}:scalable-target/${id}`;
}

/** The last part of an ARN, or the name itself where no ARN was given. */
export function nameOf(nameOrArn: string): string {
  return nameOrArn.slice(nameOrArn.lastIndexOf("/") + 1);
}

/** `family:revision` of a task definition's ARN. */
export function familyRevision(taskDefinitionArn: string): string {
  return nameOf(taskDefinitionArn);
}

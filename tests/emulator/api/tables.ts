/**
 * AWS's own model of the emulated operations: types, required members, enums, limits and patterns, without the texts.
 *
 * `tables.json` is made from botocore's service models by `deno task conformance --update`, never by hand. An operation
 * that has an action is in it after the next update; a further service needs its line in `MODELS` before.
 */
import type { ServiceName } from "../protocols/protocol.ts";
import json from "./tables.json" with { type: "json" };

/** The shape of a value. Shapes refer to others by name. */
export interface Shape {
  type:
    | "structure"
    | "list"
    | "map"
    | "string"
    | "integer"
    | "long"
    | "double"
    | "boolean"
    | "timestamp"
    | "blob"
    /** Any JSON value. */
    | "document";
  /** Of a structure: the names of its members' shapes. */
  members?: Record<string, string>;
  required?: string[];
  /** Of a list: the name of its items' shape. */
  member?: string;
  /** Of a map: the names of the shapes of its keys and values. */
  key?: string;
  value?: string;
  enum?: string[];
  /** Bounds of a number, or of the length of anything else. */
  min?: number;
  max?: number;
  pattern?: string;
}

interface Operation {
  /** The names of the shapes of the request and of the answer; absent where they have no members. */
  input?: string;
  output?: string;
  /** What its errors are called on the wire, besides those that every operation has. */
  errors: string[];
}

/** One service. */
export interface Table {
  apiVersion: string;
  /** What comes before the operation in `X-Amz-Target`; absent where the service does not speak JSON. */
  targetPrefix?: string;
  /** Whether it speaks JSON over REST. */
  isRestJson?: boolean;
  operations: Record<string, Operation>;
  shapes: Record<string, Shape>;
}

/** What botocore calls the services. */
export const MODELS: Record<ServiceName, string> = {
  ecs: "ecs",
  autoscaling: "application-autoscaling",
  ssm: "ssm",
  secretsmanager: "secretsmanager",
  ecr: "ecr",
  iam: "iam",
  sts: "sts",
  s3: "s3",
  cloudwatch: "cloudwatch",
  cloudformation: "cloudformation",
  logs: "logs",
  efs: "efs",
  elbv2: "elbv2",
  ec2: "ec2",
  kms: "kms",
};

export const SERVICES = Object.keys(MODELS) as readonly ServiceName[];

const NOTHING_YET: Table = { apiVersion: "", operations: {}, shapes: {} };
const TABLES = json as unknown as Partial<Record<ServiceName, Table>>;

/** The table of a service; empty before the first update that knows the service. */
export function tableOf(service: ServiceName): Table {
  return TABLES[service] ?? NOTHING_YET;
}

/** @throws Error for an operation that has an action, but is not in the table yet */
export function operationOf(service: ServiceName, operation: string): Operation {
  const { operations } = tableOf(service);
  const found = Object.hasOwn(operations, operation) ? operations[operation] : undefined;
  if (found) return found;
  throw new Error(`${service}:${operation} is not in tests/emulator/api/tables.json: deno task conformance --update`);
}

/** How an operation is named in a request, and how it is answered. */
import type { Answer, EmulatorRequest } from "../exchange.ts";
import { AwsFailure } from "../failure.ts";
import type { JsonObject } from "../model.ts";

export type ServiceName =
  | "ecs"
  | "autoscaling"
  | "ssm"
  | "secretsmanager"
  | "ecr"
  | "cloudwatch"
  | "cloudformation"
  | "logs"
  | "iam"
  | "sts"
  | "s3"
  | "efs"
  | "elbv2"
  | "ec2"
  | "kms";

/** What a request asks for. */
export interface Asked {
  service: ServiceName;
  operation: string;
  /** The members of the request. @throws AwsFailure where they cannot be read */
  members(): JsonObject;
}

export interface Protocol {
  read(request: EmulatorRequest): Asked;
  answer(operation: string, output: JsonObject, requestId: string): Answer;
  /** A failure in the words of the service: each has names of its own for throttling, missing permissions and the like. */
  inOwnWords(failure: AwsFailure): AwsFailure;
  refuse(failure: AwsFailure, requestId: string): Answer;
}

/** Puts a failure in other words: by type, the code and the HTTP status of the service. */
export function translate(
  failure: AwsFailure,
  words: Record<string, readonly [code: string, status: number]>,
): AwsFailure {
  const [code, status] = words[failure.type] ?? [failure.type, failure.status];
  return new AwsFailure(code, failure.message, status);
}

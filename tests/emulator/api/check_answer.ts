/** Whether what the emulator is about to answer is what AWS could answer, by AWS's model. */
import type { AwsFailure } from "../failure.ts";
import type { Json, JsonObject } from "../model.ts";
import type { Settings } from "../settings.ts";
import type { ServiceName } from "../protocols/protocol.ts";
import { knownTo } from "./accept_request.ts";
import { deviationsOf } from "./deviations.ts";
import { operationOf } from "./tables.ts";

/** @throws Error for an answer that deviates: a defect of the emulator */
export function checkAnswer(service: ServiceName, operation: string, output: JsonObject, settings: Settings): void {
  const shape = operationOf(service, operation).output;
  const deviations = shape === undefined
    ? Object.keys(output).map((member) => `unknown ${member}`)
    : deviationsOf(knownTo(settings, service), shape, output).map(({ kind, path, value }) =>
      `${kind} ${path.join(".")} = ${JSON.stringify(value as Json)}`
    );
  if (deviations.length === 0) return;
  throw new Error(`the emulator's answer to ${operation} is none of AWS's: ${deviations.join("; ")}`);
}

/** What every operation can answer with (API references, "Common Error Types"), in the words of the JSON services. */
const COMMON = [
  "AccessDeniedException",
  "ExpiredTokenException",
  "InvalidSignatureException",
  "MissingAuthenticationTokenException",
  "SerializationException",
  "ServerException",
  "ThrottlingException",
  "UnknownOperationException",
  "UnrecognizedClientException",
  "ValidationException",
];

/** @throws Error for an error that the operation does not have: a defect of the emulator. The models of S3 and EC2 lack most of theirs. */
export function checkRefusal(service: ServiceName, operation: string, { type, message }: AwsFailure): void {
  if (service === "s3" || service === "ec2" || message.startsWith("emulator:") || COMMON.includes(type)) return;
  if (operationOf(service, operation).errors.includes(type)) return;
  throw new Error(`the emulator refuses ${operation} by an error that AWS does not have for it: ${type}: ${message}`);
}

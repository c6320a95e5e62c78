import type { AwsFailure } from "../../problems/aws_failure.ts";

/** One line that names the operation, AWS's own name for the error, its words and the request id. */
export function describeCall({ operation, code, detail, requestId }: AwsFailure): string {
  const said = detail === "" ? "" : `: ${detail}`;
  return `${operation} failed: ${code}${said}${requestId === undefined ? "" : ` (request id ${requestId})`}`;
}

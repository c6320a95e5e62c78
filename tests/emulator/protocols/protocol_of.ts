/** Which protocol a request speaks. */
import type { EmulatorRequest } from "../exchange.ts";
import { json } from "./json.ts";
import type { Protocol } from "./protocol.ts";
import { queryOf } from "./query.ts";
import { s3, s3Head } from "./s3.ts";

/** S3 alone has other methods than POST here; of the rest, IAM, STS and CloudFormation send forms. */
export function protocolOf({ target, body, method = "POST" }: EmulatorRequest): Protocol {
  if (target !== "") return json;
  if (method !== "POST") return method === "HEAD" ? s3Head : s3;
  return /(?:^|&)Action=/.test(body) ? queryOf(body) : json;
}

/** Which protocol a request speaks. */
import type { EmulatorRequest } from "../exchange.ts";
import { json } from "./json.ts";
import type { Protocol } from "./protocol.ts";
import { queryOf } from "./query.ts";
import { isRestJson, restJson } from "./rest_json.ts";
import { s3, s3Head } from "./s3.ts";

/** S3 and EFS alone have other methods than POST here; of the rest, IAM, STS and others of their age send forms. */
export function protocolOf(request: EmulatorRequest): Protocol {
  const { target, body, method = "POST" } = request;
  if (target !== "") return json;
  if (isRestJson(request)) return restJson;
  if (method !== "POST") return method === "HEAD" ? s3Head : s3;
  return /(?:^|&)Action=/.test(body) ? queryOf(body) : json;
}

import { externalDataInterceptor } from "@smithy/core/config";
import { findProfileFiles } from "../model/profile_files.ts";
import type { Environment, Files } from "../host.ts";

/**
 * Reads for the AWS SDK what it would be stalled by: profiles, or the token of a web identity, that come from a pipe. The
 * SDK reads the latter synchronously, and in Deno 2.6 opening any pipe stalls everything.
 *
 * @throws what reading throws
 */
export async function handInStreams(
  env: Pick<Environment, "get">,
  files: Pick<Files, "kindOf" | "readText">,
): Promise<void> {
  const token = env.get("AWS_WEB_IDENTITY_TOKEN_FILE");
  for (const path of [...findProfileFiles(env), token]) {
    if (!path || await files.kindOf(path) !== "stream") continue;
    const text = await files.readText(path) ?? "";
    if (path === token) externalDataInterceptor.interceptToken(path, text);
    else externalDataInterceptor.interceptFile(path, text);
  }
}

/** Who has signed a request. Whether the signature itself is right nobody looks at: the emulator knows no secret keys. */
import type { EmulatorRequest } from "./exchange.ts";
import { AwsFailure } from "./failure.ts";
import type { World } from "./model.ts";

/** The access key that a request names, if it names one. */
export function accessKeyIn({ authorization = "" }: EmulatorRequest): string | undefined {
  return /Credential=([^/,\s]+)\//.exec(authorization)?.[1];
}

/** Which account and region a request is made in: its signature names the region, and the role's ARN the account. */
export function accountAndRegionOf({ issuedCredentials, settings }: World, request: EmulatorRequest): string {
  const [, region = settings.region] = /Credential=[^/]+\/\d+\/([^/]+)\//.exec(request.authorization ?? "") ?? [];
  const account = issuedCredentials[accessKeyIn(request) ?? ""]?.roleArn.split(":")[4] ?? settings.accountId;
  return `${account} ${region}`;
}

/**
 * Holds a request that is signed with issued credentials against what was issued: by their token, until they expire.
 *
 * @throws AwsFailure
 */
export function checkSession({ issuedCredentials, nowMs }: World, request: EmulatorRequest): void {
  const issued = issuedCredentials[accessKeyIn(request) ?? ""];
  if (!issued) return;
  if (request.securityToken !== issued.sessionToken) {
    throw new AwsFailure("UnrecognizedClientException", "The security token included in the request is invalid.");
  }
  if (nowMs >= issued.expiresAtMs) {
    throw new AwsFailure("ExpiredTokenException", "The security token included in the request is expired");
  }
}

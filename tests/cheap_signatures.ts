/**
 * Requests in this process name their signer, and have a made-up signature: no emulator looks at it
 * (`emulator/signatures.ts`), and its hashes take longer than the answer. Where a network is real, so is the signature.
 */
import { ECSClient } from "@aws-sdk/client-ecs";

interface Credentials {
  readonly accessKeyId: string;
  readonly sessionToken?: string;
}

interface Signer {
  readonly service: string;
  credentialProvider(): Promise<Credentials>;
  validateResolvedCredentials(credentials: Credentials): void;
  regionProvider(): Promise<string>;
}

interface Signed {
  readonly headers: Record<string, string>;
}

async function signRequest(
  this: Signer,
  request: Signed,
  options: { readonly signingRegion?: string; readonly signingService?: string } = {},
): Promise<Signed> {
  const credentials = await this.credentialProvider();
  this.validateResolvedCredentials(credentials);
  const { accessKeyId, sessionToken } = credentials;
  const region = options.signingRegion ?? await this.regionProvider();
  const scope = `${accessKeyId}/20230101/${region}/${options.signingService ?? this.service}/aws4_request`;
  request.headers.authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`;
  if (sessionToken !== undefined) request.headers["x-amz-security-token"] = sessionToken;
  return request;
}

// The class is one of a package of the SDK's own; each of its clients makes its signers of it.
const { config } = new ECSClient({
  region: "us-east-1",
  credentials: { accessKeyId: "none", secretAccessKey: "none" },
});
const prototype = Object.getPrototypeOf(await config.signer());
if (!Object.hasOwn(prototype, "signRequest")) throw new Error("the SDK signs its requests in another way");
prototype.signRequest = signRequest;

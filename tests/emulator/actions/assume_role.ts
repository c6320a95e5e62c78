/** AssumeRole and GetCallerIdentity of AWS STS */
import { notAuthorized, validationException } from "../failure.ts";
import { digitsFrom, nameOf } from "../identifiers.ts";
import type { Input } from "../input.ts";
import type { JsonObject, World } from "../model.ts";
import type { Actions } from "./action.ts";

/** What a session lasts unless another duration is asked for, and the longest that a role allows unless it is changed. */
const SESSION_SECONDS = 3_600;
const KEY_LENGTH = 16;

function assumeRole(world: World, input: Input): JsonObject {
  const roleArn = input.requiredString("RoleArn");
  const sessionName = input.requiredString("RoleSessionName");
  const seconds = input.integer("DurationSeconds") ?? SESSION_SECONDS;
  if (seconds > SESSION_SECONDS) {
    throw validationException("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
  }
  const name = nameOf(roleArn);
  const role = Object.hasOwn(world.roles, name) ? world.roles[name] : undefined;
  // The same is said of a role that is not there, and a service's is none of the caller's.
  if (role?.arn !== roleArn || !role.trusted.startsWith("arn:")) throw notAuthorized("sts:AssumeRole", roleArn, "");
  const session = `${roleArn} ${sessionName} ${Object.keys(world.issuedCredentials).length}`;
  const accessKeyId = `ASIA${digitsFrom(session, KEY_LENGTH).toUpperCase()}`;
  const issued = {
    roleArn,
    secretAccessKey: `secret/${digitsFrom(session, 2 * KEY_LENGTH)}`,
    sessionToken: `token+${digitsFrom(session, 2 * KEY_LENGTH)}==`,
    expiresAtMs: world.nowMs + seconds * 1_000,
  };
  world.issuedCredentials[accessKeyId] = issued;
  return {
    Credentials: {
      AccessKeyId: accessKeyId,
      SecretAccessKey: issued.secretAccessKey,
      SessionToken: issued.sessionToken,
      Expiration: new Date(issued.expiresAtMs).toISOString(),
    },
    AssumedRoleUser: {
      AssumedRoleId: `AROA${digitsFrom(name, KEY_LENGTH + 1).toUpperCase()}:${sessionName}`,
      Arn: `${roleArn.replace(":iam:", ":sts:").replace(/:role\/.*$/, `:assumed-role/${name}`)}/${sessionName}`,
    },
  };
}

/** By the account alone: which user or role has signed is not looked at. */
function getCallerIdentity({ settings: { accountId } }: World): JsonObject {
  return { UserId: "AIDACKCEVSQ6C2EXAMPLE", Account: accountId, Arn: `arn:aws:iam::${accountId}:user/ci` };
}

export const actions: Actions = { AssumeRole: assumeRole, GetCallerIdentity: getCallerIdentity };

/** GetRole of AWS IAM */
import { AwsFailure } from "../failure.ts";
import { digitsFrom } from "../identifiers.ts";
import type { Input } from "../input.ts";
import type { JsonObject, World } from "../model.ts";
import type { Actions } from "./action.ts";

const ROLE_ID_LENGTH = 17;
const MAX_SESSION_SECONDS = 3_600;

/** Who may assume a role: IAM answers it as JSON, encoded as for a URL. */
function trustPolicy(trusted: string): string {
  const principal = trusted.startsWith("arn:") ? { AWS: trusted } : { Service: trusted };
  return encodeURIComponent(JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: principal, Action: "sts:AssumeRole" }],
  }));
}

function getRole(world: World, input: Input): JsonObject {
  const name = input.requiredString("RoleName");
  const role = Object.hasOwn(world.roles, name) ? world.roles[name] : undefined;
  if (!role) throw new AwsFailure("NoSuchEntity", `The role with name ${name} cannot be found.`, 404);
  return {
    Role: {
      Path: /:role(\/.*?)[^/]*$/.exec(role.arn)?.[1] ?? "/",
      RoleName: role.name,
      RoleId: `AROA${digitsFrom(role.name, ROLE_ID_LENGTH).toUpperCase()}`,
      Arn: role.arn,
      CreateDate: new Date(role.createdAtMs).toISOString(),
      AssumeRolePolicyDocument: trustPolicy(role.trusted),
      MaxSessionDuration: MAX_SESSION_SECONDS,
    },
  };
}

export const actions: Actions = { GetRole: getRole };

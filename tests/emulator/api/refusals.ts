/**
 * The words in which the services refuse a request that is not as their models say.
 *
 * - What cannot be deserialised, the same for all that speak JSON; the member is not named:
 *   https://github.com/aws-actions/amazon-ecs-deploy-task-definition/issues/587,
 *   https://github.com/floci-io/floci/pull/2686, https://github.com/aws/aws-sdk-js-v3/issues/7215
 * - Values outside an enum: https://github.com/aws/amazon-ecs-cli/issues/667 (RegisterTaskDefinition) and
 *   https://github.com/hashicorp/terraform-provider-aws/issues/23342 (the others of ECS)
 */
import {
  AwsFailure,
  clientException,
  invalidParameter,
  serializationException,
  validationException,
} from "../failure.ts";
import type { Json } from "../model.ts";
import type { ServiceName } from "../protocols/protocol.ts";
import type { Deviation, Path } from "./deviations.ts";

/** The answer to a request with these deviations; undefined where it has none. */
export function refusalOf(
  service: ServiceName,
  operation: string,
  deviations: readonly Deviation[],
): AwsFailure | undefined {
  const [first] = service === "ecs" ? deviations.filter((one) => !hasDefaultInEcs(one)) : deviations;
  if (!first) return undefined;
  // Before anything is validated, all of the request has to be read.
  const ofType = deviations.find(({ kind }) => kind === "type");
  if (ofType) return serializationException(unreadable(ofType));
  if (service === "ecs") return refusalOfEcs(operation, first);
  const texts = deviations.map((deviation) => {
    const at = coralPath(deviation.path);
    return service === "ecr"
      ? `Invalid parameter at '${at}' failed to satisfy constraint: '${constraint(deviation)}'`
      : `Value ${quoted(deviation.value)} at '${at}' failed to satisfy constraint: ${constraint(deviation)}`;
  });
  if (service === "ecr") return invalidParameter(texts[0]!);
  const errors = texts.length === 1 ? "error" : "errors";
  return validationException(`${texts.length} validation ${errors} detected: ${texts.join("; ")}`);
}

/** The refusal of a required member that is empty: services that declare no least length check it themselves. */
export function missingMember(service: ServiceName, member: string): AwsFailure {
  return refusalOf(service, "", [{ kind: "missing", path: [member], shape: { type: "string" }, value: undefined }])!;
}

/**
 * Numbers and flags inside of structures that are required and left out: ECS takes them for 0 or false, or refuses them in
 * words that belong to the action (measured against AWS: github.com/go-to-k/cdkd, docs/provider-development.md).
 */
function hasDefaultInEcs({ kind, path, shape: { type } }: Deviation): boolean {
  return kind === "missing" && path.length > 1 && (type === "boolean" || type === "integer");
}

function refusalOfEcs(operation: string, deviation: Deviation): AwsFailure {
  const isRegistration = operation === "RegisterTaskDefinition";
  const { kind, path, shape, value } = deviation;
  const names = path.filter((step) => typeof step === "string");
  const member = names.at(-1) ?? "";
  if (kind === "enum") {
    return isRegistration
      ? clientException(`${value} is not a valid value for ${member}. The value must be one of [${shape.enum}]`)
      : invalidParameter(`${member} should be one of [${shape.enum?.toSorted()}]`);
  }
  if (kind === "missing") {
    const owner = names.at(-2);
    return owner === undefined || !isRegistration
      ? invalidParameter(`${names.join(".")} cannot be null or empty.`)
      : clientException(`${capitalised(owner)}.${member} should not be null or empty.`);
  }
  return invalidParameter(
    `1 validation error detected: Value ${quoted(value)} at '${coralPath(path)}' failed to satisfy ` +
      `constraint: ${constraint(deviation)}`,
  );
}

/** What could not be deserialised, without the name of the member. */
function unreadable({ shape: { type }, value }: Deviation): string {
  if (Array.isArray(value)) return "Start of list found where not expected";
  if (typeof value === "object" && value !== null) return "Start of structure or map found where not expected.";
  if (type === "list") return "Expected list or null";
  if (type === "structure" || type === "map") return "Expected null";
  const token = typeof value === "boolean" ? String(value).toUpperCase() : (typeof value).toUpperCase();
  return type === "string"
    ? `${token}_VALUE can not be converted to a String`
    : `${token}_VALUE cannot be converted to ${capitalised(type)}`;
}

function constraint({ kind, shape: { min = -Infinity, max, pattern, ...shape }, value }: Deviation): string {
  switch (kind) {
    case "missing":
      return "Member must not be null";
    case "enum":
      return `Member must satisfy enum value set: [${shape.enum?.join(", ")}]`;
    case "pattern":
      return `Member must satisfy regular expression pattern: ${pattern}`;
    default: {
      const what = kind === "range" ? "value" : "length";
      return sizeOf(value) < min
        ? `Member must have ${what} greater than or equal to ${min}`
        : `Member must have ${what} less than or equal to ${max}`;
    }
  }
}

function sizeOf(value: Json | undefined): number {
  if (typeof value === "number") return value;
  return typeof value === "string" ? value.length : Object.keys(value ?? {}).length;
}

const quoted = (value: Json | undefined) =>
  value === undefined ? "null" : `'${typeof value === "object" ? JSON.stringify(value) : value}'`;

/** AWS begins members with a small letter here, whatever the service calls them, and counts items from 1. */
const coralPath = (path: Path) =>
  path.map((step) => typeof step === "number" ? `${step + 1}.member` : step[0]?.toLowerCase() + step.slice(1)).join(
    ".",
  );

const capitalised = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

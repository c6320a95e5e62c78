import type { EvaluationResult } from "@aws-sdk/client-iam";
import { regionOf } from "../model/arn.ts";
import type { Decision, DeepChecker } from "../model/ports.ts";
import { LazyApi } from "./lazy_api.ts";
import { clientConfig, type ConnectionOptions } from "./connection.ts";
import {
  count,
  flag,
  list,
  optionalText,
  readPages,
  required,
  requiredList,
  text,
  undefinedWhen,
} from "./read_answer.ts";
import { describeSecrets, openSecrets } from "./secrets.ts";

/** Asks IAM what a role may do; EC2, KMS, Secrets Manager and Parameter Store for the state of what tasks need. */
export function connectDeepChecks(options: ConnectionOptions): DeepChecker {
  const describeSecret = describeSecrets(openSecrets(options));
  return {
    simulate: simulateOver(options),
    readFreeAddresses: readAddressesOver(options),
    readKey: readKeysOver(options),
    async readSecret(arn, signal) {
      const found = await describeSecret(arn, signal);
      return found && withKey(found.arn, found.key);
    },
    readParameter: readParametersOver(options),

    async readRegion() {
      const { KMSClient } = await import("./clients/kms.ts");
      return await new KMSClient(clientConfig(options)).config.region();
    },
  };
}

function simulateOver(options: ConnectionOptions): DeepChecker["simulate"] {
  const iam = new LazyApi(options, () => import("./clients/iam.ts"), (sdk) => sdk.IAMClient);
  return async (roleArn, actions, resources, signal) => {
    const asked = { PolicySourceArn: roleArn, ActionNames: [...actions], ResourceArns: [...resources] };
    const pages = readPages("SimulatePrincipalPolicy", (marker) =>
      iam.read(
        (sdk) => new sdk.SimulatePrincipalPolicyCommand({ ...asked, Marker: marker }),
        signal,
        ({ EvaluationResults, IsTruncated, Marker }) => ({
          items: requiredList(EvaluationResults, "EvaluationResults").flatMap((one) => decisionsIn(one, resources)),
          nextToken: flag(IsTruncated, "IsTruncated") ? optionalText(Marker, "Marker") : undefined,
        }),
      ));
    return (await Array.fromAsync(pages)).flat();
  };
}

/** Reads decisions. For one resource, it is the action's, "the result of the simulation"; several have their own. */
function decisionsIn(evaluated: EvaluationResult, resources: readonly string[]): Decision[] {
  const action = text(evaluated.EvalActionName, "EvalActionName");
  const decide = (resource: string, said: unknown, missing: string[] | undefined): Decision => {
    const decision = text(said, "EvalDecision");
    // A decision that AWS may add later counts as an implicit denial.
    const known = decision === "allowed" || decision === "explicitDeny" ? decision : "implicitDeny";
    return { action, resource, decision: known, missingContext: list(missing, "MissingContextValues") };
  };
  const specific = list(evaluated.ResourceSpecificResults, "ResourceSpecificResults").map((one) =>
    decide(text(one.EvalResourceName, "EvalResourceName"), one.EvalResourceDecision, one.MissingContextValues)
  );
  const [resource] = resources;
  if (resources.length > 1 || specific.some((one) => one.resource === resource)) return specific;
  return [decide(required(resource, "resource"), evaluated.EvalDecision, evaluated.MissingContextValues)];
}

function readAddressesOver(options: ConnectionOptions): DeepChecker["readFreeAddresses"] {
  const ec2 = new LazyApi(options, () => import("./clients/ec2.ts"), (sdk) => sdk.EC2Client);
  return (ids, signal) =>
    ec2.read(
      // By a filter: with `SubnetIds`, one subnet that is not there would fail the call.
      (sdk) => new sdk.DescribeSubnetsCommand({ Filters: [{ Name: "subnet-id", Values: [...ids] }] }),
      signal,
      ({ Subnets }) =>
        new Map(
          requiredList(Subnets, "Subnets").map(({ SubnetId, AvailableIpAddressCount, Ipv6Native }) => [
            text(SubnetId, "SubnetId"),
            Ipv6Native === true ? undefined : count(AvailableIpAddressCount, "AvailableIpAddressCount"),
          ]),
        ),
    );
}

function readKeysOver(options: ConnectionOptions): DeepChecker["readKey"] {
  const kms = new LazyApi(options, () => import("./clients/kms.ts"), (sdk) => sdk.KMSClient);
  return (id, signal) => {
    const reading = kms.read((sdk) => new sdk.DescribeKeyCommand({ KeyId: id }), signal, ({ KeyMetadata }) => {
      const { Arn, KeyState, KeyManager } = required(KeyMetadata, "KeyMetadata");
      return { arn: text(Arn, "Arn"), state: text(KeyState, "KeyState"), isAwsManaged: KeyManager === "AWS" };
    }, regionOf(id));
    return undefinedWhen(["NotFoundException"], reading);
  };
}

function readParametersOver(options: ConnectionOptions): DeepChecker["readParameter"] {
  const parameters = new LazyApi(options, () => import("./clients/ssm.ts"), (sdk) => sdk.SSMClient);
  return (name, signal) => {
    const bare = name.replace(/^arn:[^/]*:parameter(?=\/)/, "");
    // A parameter at the top level has no slash in its name, but has one in its ARN.
    const names = bare === name ? [name] : [bare, bare.slice(1)];
    return parameters.read(
      (sdk) => new sdk.DescribeParametersCommand({ ParameterFilters: [{ Key: "Name", Values: names }] }),
      signal,
      ({ Parameters }) => {
        const [found] = requiredList(Parameters, "Parameters");
        return found && withKey(text(found.ARN, "ARN"), optionalText(found.KeyId, "KeyId"));
      },
      regionOf(name),
    );
  };
}

/** AWS managed keys, which its services may use: https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html */
const OF_AWS = /(?:^|:)alias\/aws\//;

/** Completes the key's ARN: a key given by its ID or alias alone is in the account and region of what it encrypts. */
function withKey(arn: string, key: string | undefined): { arn: string; key: string | undefined } {
  if (key === undefined || OF_AWS.test(key)) return { arn, key: undefined };
  if (key.startsWith("arn:")) return { arn, key };
  const [, partition, , region, accountId] = arn.split(":");
  const resource = key.startsWith("alias/") ? key : `key/${key}`;
  return { arn, key: `arn:${partition}:kms:${region}:${accountId}:${resource}` };
}

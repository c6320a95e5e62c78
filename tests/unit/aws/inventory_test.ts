import assert from "node:assert/strict";
import { connectInventory } from "../../../src/aws/inventory.ts";
import { AwsError } from "../../../src/errors.ts";
import { myservice } from "../../emulator/myservice.ts";
import { emulatorHandler } from "../../in_process.ts";
import { awsFailure, connectionOptions, type ScriptedAnswer, stubNetwork } from "./stub_network.ts";

const NEVER = new AbortController().signal;
const IMAGE = { registryId: "123456789012", region: "eu-west-1", repository: "app", version: { tag: "1.0" } };

function connect(...answers: ScriptedAnswer[]) {
  const network = stubNetwork(...answers);
  return { inventory: connectInventory(connectionOptions(network)), sent: network.sent };
}

Deno.test("the inventory asks for the one thing, and never for a secret's value", async () => {
  const { inventory, sent } = connect(
    { body: { imageDetails: [{ imageTags: ["1.0"] }] } },
    { body: { imageDetails: [{}] } },
    { body: { ARN: "arn:s", Name: "s" } },
    { body: { Parameter: { Name: "/p", Value: "encrypted" } } },
  );
  assert.equal(await inventory.hasImage(IMAGE, NEVER), true);
  assert.equal(await inventory.hasImage({ ...IMAGE, version: { digest: "sha256:0a" } }, NEVER), true);
  assert.equal(await inventory.hasSecret("arn:s", NEVER), true);
  assert.equal(await inventory.hasParameter("/p", NEVER), true);
  const repository = { registryId: "123456789012", repositoryName: "app" };
  assert.deepEqual(sent, [
    { operation: "DescribeImages", input: { ...repository, imageIds: [{ imageTag: "1.0" }] } },
    { operation: "DescribeImages", input: { ...repository, imageIds: [{ imageDigest: "sha256:0a" }] } },
    { operation: "DescribeSecret", input: { SecretId: "arn:s" } },
    { operation: "GetParameter", input: { Name: "/p", WithDecryption: false } },
  ]);
});

Deno.test("the inventory knows AWS's names for what is not there", async () => {
  const missing = (code: string) => connect(awsFailure(code, "")).inventory;
  for (const code of ["ImageNotFoundException", "RepositoryNotFoundException"]) {
    assert.equal(await missing(code).hasImage(IMAGE, NEVER), false, code);
  }
  for (const imageStatus of ["ARCHIVED", "ACTIVATING"]) {
    assert.equal(await connect({ body: { imageDetails: [{ imageStatus }] } }).inventory.hasImage(IMAGE, NEVER), false);
  }
  assert.equal(await missing("ResourceNotFoundException").hasSecret("arn:s", NEVER), false);
  assert.equal(await missing("ParameterNotFound").hasParameter("/p", NEVER), false);
});

Deno.test("a secret or parameter that has an ARN is looked for in the region of that", async () => {
  const hosts: string[] = [];
  const network = stubNetwork({ body: { ARN: "arn:s", Parameter: { Name: "/p" } } });
  const { handle, metadata } = network.requestHandler;
  const requestHandler: typeof network.requestHandler = {
    metadata,
    handle(request) {
      hosts.push(request.hostname);
      return handle(request);
    },
  };
  const inventory = connectInventory({ ...connectionOptions(network), requestHandler });
  await inventory.hasSecret("arn:aws:secretsmanager:eu-west-1:123456789012:secret:s-AbCdEf", NEVER);
  await inventory.hasParameter("arn:aws:ssm:us-east-1:123456789012:parameter/p", NEVER);
  await inventory.hasParameter("/p", NEVER);
  assert.deepEqual(hosts, [
    "secretsmanager.eu-west-1.amazonaws.com",
    "ssm.us-east-1.amazonaws.com",
    "ssm.ap-northeast-1.amazonaws.com",
  ]);
});

Deno.test("a secret that is scheduled for deletion is not there: it gives its value to nobody", async () => {
  const { inventory } = connect({ body: { ARN: "arn:s", DeletedDate: 1672574400 } });
  assert.equal(await inventory.hasSecret("arn:s", NEVER), false);
});

Deno.test("what may not be read is an error, not an absence", async () => {
  const denied = connect(awsFailure("AccessDeniedException", "not authorized")).inventory;
  const isDenied = (error: unknown) => error instanceof AwsError && error.kind === "denied";
  await assert.rejects(denied.hasImage(IMAGE, NEVER), isDenied);
  await assert.rejects(denied.hasSecret("arn:s", NEVER), isDenied);
  await assert.rejects(denied.hasParameter("/p", NEVER), isDenied);
});

Deno.test("hasRole() asks IAM, which speaks another protocol", async () => {
  const emulator = myservice();
  const network = { sent: [], requestHandler: emulatorHandler(emulator) };
  const inventory = connectInventory({ ...connectionOptions(network), requestHandler: network.requestHandler });
  assert.equal(await inventory.hasRole("myservice-task", NEVER), true);
  assert.equal(await inventory.hasRole("nobody", NEVER), false);
});

import assert from "node:assert/strict";
import { readDefinition } from "../../../src/aws/api_members.ts";
import type { JsonObject } from "../../../src/model/json.ts";
import { describeProblem } from "../../../src/report/messages/config_problem_text.ts";
import { startStopwatch } from "../../stopwatch.ts";

type DefinitionKind = Parameters<typeof readDefinition>[0];

function problems(definition: JsonObject, kind: DefinitionKind = "taskDefinition"): string[] {
  return readDefinition(kind, definition).problems
    .map(({ path, problem }) => describeProblem({ code: "member", path: path.join("."), problem }));
}

function valueOf(definition: JsonObject, kind: DefinitionKind = "taskDefinition"): JsonObject {
  return readDefinition(kind, definition).value;
}

const GOOD: JsonObject = {
  family: "myservice",
  cpu: "256",
  containerDefinitions: [{
    name: "app",
    image: "app:1",
    essential: true,
    memory: 512,
    dockerLabels: { "any.key": "is fine" },
    environment: [{ name: "A", value: "1" }],
    portMappings: [{ containerPort: 80 }],
    command: ["run"],
  }],
  tags: [{ key: "a", value: "b" }],
  taskRoleArn: null,
};

Deno.test("readDefinition() has nothing to say about what the API has names for", () => {
  assert.deepEqual(problems(GOOD), []);
  const service = {
    serviceName: "s",
    desiredCount: 2,
    networkConfiguration: { awsvpcConfiguration: { subnets: ["a"] } },
  };
  assert.deepEqual(problems(service, "service"), []);
});

const UNKNOWN = "is unknown to ecspresso and is sent to ECS as it is";

Deno.test("readDefinition() keeps what it has no name for, and finds what was meant", () => {
  const misspelt = { ...GOOD, containerDefinition: [], note: { deep: [1] } };
  assert.deepEqual(problems(misspelt), [
    `containerDefinition ${UNKNOWN} (did you mean containerDefinitions?)`,
    `note ${UNKNOWN}`,
  ]);
  assert.deepEqual(valueOf(misspelt), misspelt);
  const nested: JsonObject = { containerDefinitions: [{ enviroment: [] }, { logConfiguration: { Mode: "x" } }] };
  assert.deepEqual(problems(nested), [
    `containerDefinitions.0.enviroment ${UNKNOWN} (did you mean environment?)`,
    `containerDefinitions.1.logConfiguration.Mode ${UNKNOWN}`,
  ]);
  assert.deepEqual(valueOf(nested), nested);
});

Deno.test("readDefinition() finds what was meant where two letters are too many, too few or other ones, and no further", () => {
  const meant = (name: string) =>
    readDefinition("taskDefinition", { [name]: "a" }).problems.map(({ problem }) => problem);
  for (const name of ["taskRoleArnXX", "taskRoleA", "taskRoleXXn", "TASKROLEARNXX"]) {
    assert.deepEqual(meant(name), [{ code: "unknownMember", similar: "taskRoleArn" }], name);
  }
  for (const name of ["taskRoleArnXXX", "taskRole", "taskRolXXXn"]) {
    assert.deepEqual(meant(name), [{ code: "unknownMember", similar: undefined }], name);
  }
});

Deno.test("readDefinition() compares no name of a million letters letter by letter", () => {
  const workedMs = startStopwatch();
  assert.equal(problems({ containerDefinitions: [{ ["x".repeat(900_000)]: 1 }] }).length, 1);
  assert.ok(workedMs() < 1_000, `${Math.round(workedMs())} ms`);
});

Deno.test("readDefinition() takes a name that is right but for upper and lower case, at every depth", () => {
  const service = {
    NetworkConfiguration: { AwsvpcConfiguration: { Subnets: ["a"], AssignPublicIp: "ENABLED" } },
    Tags: [{ Key: "Env", Value: "dev" }],
    deploymentConfiguration: { alarms: { alarmnames: [], enable: false } },
    ForceNewDeployment: true,
  };
  assert.deepEqual(problems(service, "service"), []);
  assert.deepEqual(valueOf(service, "service"), {
    networkConfiguration: { awsvpcConfiguration: { subnets: ["a"], assignPublicIp: "ENABLED" } },
    tags: [{ key: "Env", value: "dev" }],
    deploymentConfiguration: { alarms: { alarmNames: [], enable: false } },
    forceNewDeployment: true,
  });
  const task = { Family: "a", ContainerDefinitions: [{ NAME: "app", DockerLabels: { Name: "x", name: "y" } }] };
  assert.deepEqual(valueOf(task), {
    family: "a",
    containerDefinitions: [{ name: "app", dockerLabels: { Name: "x", name: "y" } }],
  });
  assert.deepEqual(problems({ family: "a", Family: "b", containerDefinitions: [{ image: "a", Image: "a" }] }), [
    "Family is there twice, in different upper and lower case (keep one)",
    "containerDefinitions.0.Image is there twice, in different upper and lower case (keep one)",
  ]);
});

const EMPTY_IN_TASK = {
  pidMode: "",
  ipcMode: "",
  networkMode: "",
  taskRoleArn: "",
  executionRoleArn: "",
  tags: [],
  runtimePlatform: { cpuArchitecture: "", operatingSystemFamily: "LINUX" },
  volumes: [{ name: "", efsVolumeConfiguration: { transitEncryption: "", authorizationConfig: { iam: "" } } }],
  requiresCompatibilities: [""],
  containerDefinitions: [{
    image: "",
    hostname: "",
    command: [],
    portMappings: [{ containerPort: 80, protocol: "", AppProtocol: "", name: "" }],
    dependsOn: [{ containerName: "x", condition: "" }],
    ulimits: [{ name: "", softLimit: 1 }],
    logConfiguration: { logDriver: "", options: { "awslogs-group": "" } },
  }],
};

const EMPTY_IN_SERVICE = {
  launchType: "",
  propagateTags: "",
  role: "",
  platformVersion: "",
  loadBalancers: [],
  deploymentController: { type: "" },
  networkConfiguration: { awsvpcConfiguration: { subnets: [], assignPublicIp: "" } },
  placementStrategy: [{ type: "", field: "" }],
  volumeConfigurations: [{
    name: "v",
    managedEBSVolume: {
      roleArn: "",
      filesystemType: "",
      tagSpecifications: [{ resourceType: "volume", propagateTags: "", tags: [] }],
    },
  }],
  loadBalancer: "",
};

Deno.test("readDefinition() leaves out empty texts where the API has one of a few, empty roles and empty tags", () => {
  assert.deepEqual(valueOf(EMPTY_IN_TASK), {
    runtimePlatform: { operatingSystemFamily: "LINUX" },
    volumes: [{ name: "", efsVolumeConfiguration: { authorizationConfig: {} } }],
    requiresCompatibilities: [""],
    containerDefinitions: [{
      image: "",
      hostname: "",
      command: [],
      portMappings: [{ containerPort: 80, name: "" }],
      dependsOn: [{ containerName: "x" }],
      ulimits: [{ softLimit: 1 }],
      logConfiguration: { options: { "awslogs-group": "" } },
    }],
  });
  assert.deepEqual(valueOf(EMPTY_IN_SERVICE, "service"), {
    platformVersion: "",
    loadBalancers: [],
    deploymentController: {},
    networkConfiguration: { awsvpcConfiguration: { subnets: [] } },
    placementStrategy: [{ field: "" }],
    volumeConfigurations: [{ name: "v", managedEBSVolume: { tagSpecifications: [{ resourceType: "volume" }] } }],
    loadBalancer: "",
  });
});

Deno.test("readDefinition() takes names that begin with _, $ or // for comments, but for the user's own", () => {
  const labels = { _team: "a", $x: "b", "//": "c" };
  const commented = {
    _comment: "x",
    $schema: "https://example.com",
    "// family": 1,
    containerDefinitions: [{ name: "app", "//": "", _: [], dockerLabels: labels, future: { _kept: 1 } }],
  };
  assert.deepEqual(valueOf(commented), {
    containerDefinitions: [{ name: "app", dockerLabels: labels, future: { _kept: 1 } }],
  });
  assert.deepEqual(problems(commented), [`containerDefinitions.0.future ${UNKNOWN}`]);
});

Deno.test("readDefinition() finds what is of the wrong type, and names no value", () => {
  const wrong = {
    cpu: 256,
    containerDefinitions: [{
      essential: "yes",
      memory: "s3cret",
      command: "run",
      dockerLabels: { a: 1 },
      environment: {},
    }],
    volumes: ["a"],
  };
  assert.deepEqual(problems(wrong), [
    "cpu must be a string, not a number (put it in quotes)",
    "containerDefinitions.0.essential must be a boolean, not a string",
    "containerDefinitions.0.memory must be a number, not a string",
    "containerDefinitions.0.command must be a list, not a string",
    "containerDefinitions.0.dockerLabels.a must be a string, not a number (put it in quotes)",
    "containerDefinitions.0.environment must be a list, not an object",
    "volumes.0 must be an object, not a string",
  ]);
});

Deno.test("readDefinition() is not fooled by names that every object has", () => {
  assert.match(
    problems({ constructor: "x", toString: "y" }).join("\n"),
    /^constructor is unknown[^]*\ntoString is unknown/,
  );
});

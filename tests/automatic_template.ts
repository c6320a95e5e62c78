import { parse } from "yaml";

/** `examples/automatic/template.yaml`, as CloudFormation and EventBridge would make use of it. */

const FILE = new URL("../examples/automatic/template.yaml", import.meta.url);

/** Parameters of the stack: the tests' service, among others. */
const PARAMETERS: Readonly<Record<string, unknown>> = {
  "AWS::AccountId": "123456789012",
  "AWS::Partition": "aws",
  "AWS::Region": "ap-northeast-1",
  "AWS::StackName": "myservice",
  AlarmArns: ["arn:aws:cloudwatch:ap-northeast-1:123456789012:alarm:5xx"],
  Cluster: "default",
  Family: "myservice",
  Image: "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/ecspresso:1",
  PassedRoleArns: ["ecsTaskExecutionRole", "myservice-task"].map((name) => `arn:aws:iam::123456789012:role/${name}`),
  SecurityGroups: ["sg-0123456789abcdef0"],
  Service: "myservice",
  Subnets: ["subnet-0a1b2c3d4e5f60718"],
};

// deno-lint-ignore no-explicit-any
type Resolved = any;

/** An intrinsic function that has not been resolved. */
class Intrinsic {
  constructor(readonly name: string, readonly argument: string) {}
}

const TAGS = ["Ref", "Sub", "GetAtt"].map((name) => ({
  tag: `!${name}`,
  resolve: (text: string) => new Intrinsic(name, text),
}));

/** Reads the template with its functions resolved: a reference to a resource becomes the resource's logical name. */
export async function readTemplate(): Promise<Resolved> {
  const template = parse(await Deno.readTextFile(FILE), { customTags: TAGS });
  const defaults = Object.entries(template.Parameters as Record<string, { Default?: unknown }>)
    .flatMap(([name, { Default }]) => Default === undefined ? [] : [[name, Default]]);
  return resolve(template, { ...Object.fromEntries(defaults), ...PARAMETERS }, template.Resources);
}

function resolve(value: unknown, parameters: Readonly<Record<string, unknown>>, resources: object): unknown {
  if (Array.isArray(value)) return value.map((one) => resolve(one, parameters, resources));
  if (typeof value !== "object" || value === null) return value;
  if (!(value instanceof Intrinsic)) {
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, resolve(one, parameters, resources)]));
  }
  const named = (name: string) => {
    const logical = name.split(".")[0]!;
    if (Object.hasOwn(parameters, name)) return parameters[name];
    if (Object.hasOwn(resources, logical)) return name;
    throw new Error(`the template names ${name}, which is neither a parameter nor a resource`);
  };
  return value.name === "Sub"
    ? value.argument.replace(/\$\{([^}]+)\}/g, (_, name) => String(named(name)))
    : named(value.argument);
}

/**
 * The arguments that the task gets for an alarm's event: by the rule's input transformer, which puts a text into
 * quotes.
 *
 * @throws Error where EventBridge would not start this container
 */
export function argumentsFor(template: Resolved, event: { readonly detail: { readonly alarmName: string } }): string[] {
  const { InputPathsMap, InputTemplate } = template.Resources.Rule.Properties.Targets[0].InputTransformer;
  const valueAt = (path: string) =>
    // deno-lint-ignore no-explicit-any
    path.split(".").slice(1).reduce((value: any, name) => value[name], event);
  const input = String(InputTemplate).replace(/<(\w+)>/g, (_, name) => JSON.stringify(valueAt(InputPathsMap[name])));
  const [override, ...others] = JSON.parse(input).containerOverrides;
  const [container] = template.Resources.TaskDefinition.Properties.ContainerDefinitions;
  if (others.length > 0 || override.name !== container.Name) throw new Error(`no such container: ${input}`);
  return override.command;
}

/** DescribeStacks and ListExports of AWS CloudFormation */
import { validationException } from "../failure.ts";
import type { Input } from "../input.ts";
import type { JsonObject, World } from "../model.ts";
import { pageOf } from "../pages.ts";
import type { Stack } from "../stores.ts";
import type { Actions } from "./action.ts";

const PAGE = { default: 100, max: 100 };
const MEMBERS = { maxResults: "MaxResults", nextToken: "NextToken" };

function describeStacks(world: World, input: Input): JsonObject {
  const asked = input.string("StackName");
  const all = Object.values(world.stacks);
  const stacks = asked === undefined ? all : all.filter(({ name, arn }) => name === asked || arn === asked);
  if (asked !== undefined && stacks.length === 0) throw validationException(`Stack with id ${asked} does not exist`);
  const { items, nextToken } = pageOf(world, input, stacks, PAGE, MEMBERS, validationException);
  return { Stacks: items.map(stackShape), ...(nextToken ? { NextToken: nextToken } : {}) };
}

function stackShape({ name, arn, createdAtMs, outputs }: Stack): JsonObject {
  return {
    StackId: arn,
    StackName: name,
    CreationTime: new Date(createdAtMs).toISOString(),
    StackStatus: "CREATE_COMPLETE",
    Outputs: outputs.map(({ key, value, exportName }) => ({
      OutputKey: key,
      OutputValue: value,
      ...(exportName === undefined ? {} : { ExportName: exportName }),
    })),
  };
}

function listExports(world: World, input: Input): JsonObject {
  const exports = Object.values(world.stacks).flatMap(({ arn, outputs }) =>
    outputs.flatMap(({ value, exportName }) =>
      exportName === undefined ? [] : [{ ExportingStackId: arn, Name: exportName, Value: value }]
    )
  );
  const { items, nextToken } = pageOf(world, input, exports, PAGE, MEMBERS, validationException);
  return { Exports: items, ...(nextToken ? { NextToken: nextToken } : {}) };
}

export const actions: Actions = { DescribeStacks: describeStacks, ListExports: listExports };

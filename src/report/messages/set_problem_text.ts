import type { SetProblem } from "../../problems.ts";
import { parseServiceArn } from "../../model/arn.ts";
import { awsCli, quoteArgument } from "../../model/typed_commands.ts";
import { byCode } from "../cases.ts";
import { describeNearest, type RefusalLines } from "./phrases.ts";

const FILES = { fleet: "the fleet file", plan: "the plan" };

/** Why it is not known which services are meant, or why so many are not taken; and what to do. */
export const describeSetProblem = byCode<SetProblem, RefusalLines>({
  noFileMatches: ({ pattern }) => [
    `no file matches ${quoteArgument(pattern)}`,
    "* stands for any part of one name, ** for any folders; a path counts from the working directory, or from the folder " +
    "of the fleet file",
  ],
  noClusterMatches: ({ pattern, region, nearest }) => [
    `${pattern.includes("*") ? "no cluster matches" : "there is no cluster"} ${quoteArgument(pattern)}` +
    describeNearest(nearest),
    `check the region; to list the clusters: ${awsCli({ region })} ecs list-clusters`,
  ],
  noServiceMatches: ({ pattern, tags, clusters, region, nearest }) => {
    const what = tags.length > 0
      ? `has the tag${tags.length > 1 ? "s" : ""} ${tags.map(quoteArgument).join(" and ")}`
      : `${pattern.includes("*") ? "matches" : "is called"} ${quoteArgument(pattern)}`;
    const where = clusters.length === 1 ? `the cluster ${clusters[0]}` : `the ${clusters.length} clusters`;
    return [
      `no service of ${where} ${what}${describeNearest(nearest)}`,
      "check cluster and region; to list the services:",
      ...clusters.slice(0, 3).map((cluster) => `${awsCli({ region })} ecs list-services --cluster ${cluster}`),
    ];
  },
  tooManyServices: ({ count, most }) => [
    `${count} services are meant, and more than ${most} are not taken unless that is asked for`,
    `look whether all of them are meant; then add --max-services ${count}`,
  ],
  filesThere: ({ paths }) => [
    `nothing is written: ${paths.join(", ")} ${paths.length === 1 ? "is" : "are"} there already`,
    "to keep them, name other files: --config FILE, --service-definition-path, --task-definition-path; to write them anew, " +
    "add --force-overwrite",
  ],
  notInFile: ({ name, kind, path, nearest }) => [
    `${FILES[kind]} ${path} has no service ${quoteArgument(name)}${describeNearest(nearest)}`,
    "name one of its services, as it is called in ECS, or leave --service out for all of them",
  ],
  severalInFile: ({ name, kind, path, found }) => [
    `${FILES[kind]} ${path} has ${found.length} services ${quoteArgument(name)}, in ` +
    found.map(parseServiceArn).map((one) => `${one?.cluster} (${one?.region})`).join(" and "),
    "name the one that is meant by its ARN:",
    ...found.map((arn) => `--service ${arn}`),
  ],
  otherAccount: ({ arn, account, own }) => [
    (arn.startsWith("arn:") ? arn : `the cluster ${arn}`) +
    ` is of the account ${account}, and the credentials are of ${own}`,
    "use that account's credentials (AWS_PROFILE), or a role there: --assume-role-arn",
  ],
});

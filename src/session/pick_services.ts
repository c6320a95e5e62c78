import { RefusedError, unlessFails } from "../errors.ts";
import { parseServiceArn } from "../model/arn.ts";
import { nearestNames } from "../model/nearest_names.ts";
import { isPattern, matchesName } from "./service_selector.ts";

/** The names of a service in a file; an unknown one is not compared. */
export interface NamesInFile {
  readonly service: string;
  readonly cluster: string;
  readonly region: string | undefined;
  readonly account: string | undefined;
}

/** How to tell the services of a file apart. */
interface Picking<One> {
  readonly file: { readonly kind: "fleet" | "plan"; readonly path: string };
  readonly namesOf: (one: One) => NamesInFile;
  /** Reads the account if the file does not name it; only for a message. */
  readonly readAccount?: (one: One) => Promise<string>;
}

/**
 * The services of a file that the command line names, in the order of the file.
 *
 * @param typed names, names with `*` for any characters, or ARNs
 * @throws RefusedError if no service has a name, or several have it
 */
export async function pickServices<One>(
  all: readonly One[],
  typed: readonly string[],
  { file, namesOf, readAccount }: Picking<One>,
): Promise<readonly One[]> {
  const picked = new Set<One>();
  for (const name of typed) {
    const found = all.filter((one) => isMeant(namesOf(one), name));
    if (found.length === 0) {
      const nearest = nearestNames(name, all.map((one) => namesOf(one).service));
      throw new RefusedError({ code: "notInFile", name, ...file, nearest });
    }
    if (found.length > 1 && !isPattern(name)) {
      const arns = await Promise.all(found.map((one) => arnOf(namesOf(one), () => readAccount?.(one))));
      throw new RefusedError({ code: "severalInFile", name, ...file, found: arns });
    }
    for (const one of found) picked.add(one);
  }
  return all.filter((one) => picked.has(one));
}

/** Whether no other service of the file has this name. */
export function isOnlyOne({ service }: NamesInFile, all: readonly NamesInFile[]): boolean {
  return all.filter((other) => other.service === service).length === 1;
}

async function arnOf(
  { service, cluster, region = "REGION", account }: NamesInFile,
  readAccount: () => Promise<string> | undefined,
): Promise<string> {
  const own = account ?? await unlessFails(Promise.resolve(readAccount())) ?? "ACCOUNT";
  return `arn:aws:ecs:${region}:${own}:service/${cluster}/${service}`;
}

function isMeant({ service, cluster, region, account }: NamesInFile, typed: string): boolean {
  const arn = parseServiceArn(typed);
  if (arn === undefined) return matchesName(service, typed);
  const isOf = (known: string | undefined, wanted: string | undefined) =>
    known === undefined || wanted === undefined || known === wanted;
  return service === arn.service && isOf(cluster, arn.cluster) && isOf(region, arn.region) &&
    isOf(account, arn.account);
}

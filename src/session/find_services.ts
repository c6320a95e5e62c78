import { AwsError, RefusedError } from "../errors.ts";
import type { Files } from "../host.ts";
import { findConfigs } from "./find_configs.ts";
import { type Listing, seekServices } from "./seek_services.ts";
import type { NamedService } from "./service_entry.ts";
import type { ServiceWish } from "./service_wish.ts";
import { describeCall } from "../report/messages/aws_failure_text.ts";

export type ConfigWish = ServiceWish & { readonly kind: "config" };
export type NamesWish = Exclude<ServiceWish, ConfigWish>;

/**
 * Has each wish for configs be about one file, each file once, whatever it is called.
 *
 * @throws RefusedError for a pattern that no file matches
 */
export async function expandConfigs(
  wishes: readonly ServiceWish[],
  files: Pick<Files, "glob" | "kindOf" | "realPath">,
): Promise<ServiceWish[]> {
  const known = new Set<string>();
  const expanded: ServiceWish[] = [];
  for (const wish of wishes) {
    if (wish.kind !== "config" || wish.path === undefined || !wish.mayBePattern) expanded.push(wish);
    else {
      for (const path of await findConfigs(wish.path, files)) {
        const real = await files.realPath(path).catch(() => undefined) ?? path;
        if (!known.has(real)) expanded.push({ ...wish, path, mayBePattern: false });
        known.add(real);
      }
    }
  }
  return expanded;
}

/** How AWS is asked for the services of one wish. */
export interface Seeking {
  readonly connectEcs: () => Promise<Listing>;
  readonly readAccount: () => Promise<string>;
  readonly signal: AbortSignal;
  readonly warn: (line: string) => void;
}

/**
 * The services of a wish by names: those that ECS has, where they are named by patterns or tags.
 *
 * @throws RefusedError where there is none, or an ARN is of another account than the credentials; AwsError
 */
export async function findNamed(wish: NamesWish, seeking: Seeking): Promise<readonly NamedService[]> {
  await checkAccount(wish, seeking);
  if (wish.kind === "named") return [wish.named];
  return await seekServices(wish.sought, await seeking.connectEcs(), seeking.signal);
}

/** Somebody may have other credentials than they think. Where AWS STS cannot be reached, ECS has the last word. */
async function checkAccount(wish: NamesWish, { readAccount, warn }: Seeking): Promise<void> {
  const { account } = wish;
  if (account === undefined) return;
  const { service, cluster } = wish.kind === "named" ? wish.named : wish.sought;
  try {
    const own = await readAccount();
    if (own === account) return;
    throw new RefusedError({ code: "otherAccount", arn: service.startsWith("arn:") ? service : cluster, account, own });
  } catch (error) {
    if (!(error instanceof AwsError) || error.kind === "credentials") throw error;
    warn(`${describeCall(error.failure)}; whether the credentials are of the account ${account} is not known`);
  }
}

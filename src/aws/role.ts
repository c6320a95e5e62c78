import { serviceName } from "../model/arn.ts";
import { AwsError } from "../errors.ts";
import type { AwsErrorKind } from "../problems/aws_failure.ts";
import { LazyApi } from "./api.ts";
import type { ConnectionOptions, Keys, Role } from "./connection.ts";
import { required, text } from "./read_answer.ts";

/** What AWS gives where no duration is asked for: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
const SESSION_MS = 3_600_000;
/** As early as the SDK renews what has come from a profile: any call, with its repetitions, takes less. */
const RENEWED_BEFORE_MS = 300_000;
const LONGEST_SESSION_NAME = 64;

/** What a failure means for the call that was to be made in the role, and has never left this machine. */
const KINDS: Partial<Record<AwsErrorKind, AwsErrorKind>> = {
  // One may go without what is optional, and not without the role.
  denied: "credentials",
  lost: "unreachable",
  server: "unreachable",
};

/**
 * A role that a run makes all its calls in. AWS STS is asked for it by whatever credentials there are otherwise: before
 * the first call, once for all clients, and again before the session ends.
 */
export class RoleSession implements Role {
  readonly #sts;
  #credentials: Keys | undefined;
  #askedAt = { nowMs: -Infinity, elapsedMs: -Infinity };
  #asking: { readonly answer: Promise<void>; readonly signal: AbortSignal } | undefined;

  /** @param service what the run is about: CloudTrail shows it in the name of the session */
  constructor(
    private readonly arn: string,
    private readonly service: string,
    private readonly options: ConnectionOptions,
  ) {
    this.#sts = connectSts(options);
  }

  // A client of the SDK would hold on to what it has got, by a clock of its own, if this did not say that it need not.
  readonly credentials = Object.assign(() => Promise.resolve(required(this.#credentials, "Credentials")), {
    memoized: true,
  });

  async renew(signal: AbortSignal): Promise<void> {
    while (this.#isDue()) {
      this.#asking ??= this.#startAsking(signal);
      const { answer, signal: asker } = this.#asking;
      try {
        await answer;
      } catch (error) {
        // The call that has asked had less time than this one: it is asked again.
        if (signal.aborted || !asker.aborted) throw error;
      }
    }
  }

  #startAsking(signal: AbortSignal) {
    const answer = this.#ask(signal).finally(() => this.#asking = undefined);
    return { answer, signal };
  }

  async #ask(signal: AbortSignal): Promise<void> {
    const asked = { RoleArn: this.arn, RoleSessionName: nameSession(this.service) };
    // The end that AWS names is by AWS's clock, and this machine's may be wrong.
    const askedAt = this.#readClocks();
    try {
      this.#credentials = await this.#sts.read((sdk) => new sdk.AssumeRoleCommand(asked), signal, ({ Credentials }) => {
        const { AccessKeyId, SecretAccessKey, SessionToken } = required(Credentials, "Credentials");
        return {
          accessKeyId: text(AccessKeyId, "AccessKeyId"),
          secretAccessKey: text(SecretAccessKey, "SecretAccessKey"),
          sessionToken: text(SessionToken, "SessionToken"),
        };
      });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      const { operation, kind } = error;
      throw new AwsError({ ...error, operation: `${operation} of ${this.arn}`, kind: KINDS[kind] ?? kind });
    }
    this.#askedAt = askedAt;
  }

  // Wall time may have been set back meanwhile, and elapsed time does not count a machine's sleep: whichever is ahead
  // counts.
  #isDue(): boolean {
    const { nowMs, elapsedMs } = this.#readClocks();
    return Math.max(nowMs - this.#askedAt.nowMs, elapsedMs - this.#askedAt.elapsedMs) >= SESSION_MS - RENEWED_BEFORE_MS;
  }

  #readClocks() {
    const { clock } = this.options;
    return { nowMs: clock.now(), elapsedMs: clock.elapsed() };
  }
}

/** STS takes letters, digits and a few signs, 64 at the most; a service's name can have more of them. */
function nameSession(service: string): string {
  return `ecspresso-${serviceName(service)}`.replace(/[^\w+=,.@-]/g, "-").slice(0, LONGEST_SESSION_NAME);
}

function connectSts(options: ConnectionOptions) {
  return new LazyApi(options, () => import("./clients/sts.ts"), (sdk) => sdk.STSClient);
}

/**
 * What reads the number of the account that the credentials are of. AWS STS answers whatever the policies say:
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 */
export function readAccount(options: ConnectionOptions, signal: AbortSignal): Promise<string> {
  const sts = connectSts(options);
  return sts.read((sdk) => new sdk.GetCallerIdentityCommand({}), signal, ({ Account }) => text(Account, "Account"));
}

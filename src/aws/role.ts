import { serviceName } from "../model/arn.ts";
import { AwsError } from "../errors.ts";
import type { AwsErrorKind } from "../problems/aws_failure.ts";
import { LazyApi } from "./lazy_api.ts";
import type { ConnectionOptions, Keys, Role } from "./connection.ts";
import { required, text } from "./read_answer.ts";

/** How long a session lasts by default: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
const SESSION_MS = 3_600_000;
/** How long before its end a session is renewed, as the SDK does for profiles: any call and its repeats take less. */
const RENEWED_BEFORE_MS = 300_000;
const LONGEST_SESSION_NAME = 64;

/** What a failure to assume the role means for the call that was to be made in it, and was never sent. */
const KINDS: Partial<Record<AwsErrorKind, AwsErrorKind>> = {
  // A denied call may be optional; the role is not.
  denied: "credentials",
  lost: "unreachable",
  server: "unreachable",
};

/**
 * A role in which a run makes all its calls. AWS STS is asked for it with the usual credentials: before the first call,
 * once for all clients, and again before the session ends.
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

  // `memoized`: otherwise the SDK's clients would cache the credentials, by a clock of their own.
  readonly credentials = Object.assign(() => Promise.resolve(required(this.#credentials, "Credentials")), {
    memoized: true,
  });

  async renew(signal: AbortSignal): Promise<void> {
    while (this.#isDue()) {
      this.#asking ??= { answer: this.#ask(signal).finally(() => this.#asking = undefined), signal };
      const { answer, signal: asker } = this.#asking;
      try {
        await answer;
      } catch (error) {
        // The call that asked has run out of time, and this one has not: it asks again.
        if (signal.aborted || !asker.aborted) throw error;
      }
    }
  }

  async #ask(signal: AbortSignal): Promise<void> {
    const asked = { RoleArn: this.arn, RoleSessionName: nameSession(this.service) };
    // Measured from here: the end that AWS names is by AWS's clock, and this machine's may be wrong.
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
      const { kind } = error;
      throw new AwsError({ ...error, role: this.arn, kind: KINDS[kind] ?? kind });
    }
    this.#askedAt = askedAt;
  }

  // By whichever clock is ahead: wall time may have been set back, and elapsed time does not count a machine's sleep.
  #isDue(): boolean {
    const { nowMs, elapsedMs } = this.#readClocks();
    return Math.max(nowMs - this.#askedAt.nowMs, elapsedMs - this.#askedAt.elapsedMs) >= SESSION_MS - RENEWED_BEFORE_MS;
  }

  #readClocks() {
    const { clock } = this.options;
    return { nowMs: clock.now(), elapsedMs: clock.elapsed() };
  }
}

/** Names the session after the service. STS takes 64 letters, digits and few signs; a service's name may be longer. */
function nameSession(service: string): string {
  return `ecspresso-${serviceName(service)}`.replace(/[^\w+=,.@-]/g, "-").slice(0, LONGEST_SESSION_NAME);
}

function connectSts(options: ConnectionOptions) {
  return new LazyApi(options, () => import("./clients/sts.ts"), (sdk) => sdk.STSClient);
}

/**
 * Reads the number of the account that the credentials belong to. AWS STS answers whatever the policies say:
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 */
export function readAccount(options: ConnectionOptions, signal: AbortSignal): Promise<string> {
  const sts = connectSts(options);
  return sts.read((sdk) => new sdk.GetCallerIdentityCommand({}), signal, ({ Account }) => text(Account, "Account"));
}

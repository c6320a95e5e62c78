import type { ECSClientConfig } from "@aws-sdk/client-ecs";
import { FetchHttpHandler } from "@smithy/fetch-http-handler";
import type { AwsError } from "../errors.ts";
import type { Clock } from "../host.ts";
import { boundFetch, boundNodeHttp } from "./bound_answers.ts";
import { explainHandler } from "./explain_handler.ts";
import { guardHandler, type RequestHandler } from "./guard_handler.ts";

/** How AWS is reached. What is left out resolves as in the AWS CLI: environment, profile, SSO, container, metadata. */
export interface ConnectionOptions {
  readonly region: string | undefined;
  /** Gets a line for every attempt: operation, number, result, milliseconds; never a body. */
  readonly onAttempt: (line: string) => void;
  /** Called for each failure that may pass, with the milliseconds that the operation has been failing. */
  readonly onTrouble: (error: AwsError, failingForMs: number) => void;
  /** Called once where AWS refuses to show tags: what is read lacks them from then on. */
  readonly onTagsRefused: (error: AwsError) => void;
  readonly clock: Clock;
  /** A number in [0, 1), for jitter. */
  readonly random: () => number;
  /** What `fetch` takes besides the request, for ordinary calls and for those that must be sent once. */
  readonly fetchOptions: { readonly ordinary: object; readonly once: object };
  /** Stands in for the network in tests; the SDK's own when left out. */
  readonly requestHandler?: RequestHandler;
  /** The AWS profile that the environment names, where it is not to be found. */
  readonly missingProfile?: string;
  readonly changesNothing?: boolean;
  /** The proxy that a URL is fetched through, without its login. */
  readonly proxyOf?: (url: string) => string | undefined;
  readonly mask?: (text: string) => string;
  /** Keys of the environment; the SDK looks for credentials elsewhere when left out. */
  readonly keys?: Keys;
  /** Whether a program of the user's is getting credentials; it has a time limit of its own. */
  readonly isGettingCredentials?: () => boolean;
  /** The role that all calls are made in; the credentials are used as they are when left out. */
  readonly role?: Role;
}

/** What calls are signed with. Secrets, all but the first. */
export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** An IAM role that calls are made in. */
export interface Role {
  /** What the SDK's clients sign with, once there has been a `renew`. */
  readonly credentials: ECSClientConfig["credentials"];
  /** Sees to it that they last for a call. Throws an `AwsError` where there is no getting at them. */
  renew(signal: AbortSignal): Promise<void>;
}

/** The client configuration that all services have in common, for one kind of call. */
export function clientConfig(
  { region, requestHandler, fetchOptions, keys, role }: ConnectionOptions,
  kind: keyof ConnectionOptions["fetchOptions"] = "ordinary",
) {
  boundNodeHttp();
  // Over fetch and not over node:http, the SDK's default: there, Deno 2.6 does not report a connection that is closed
  // without an answer, and dies of one that is closed in the middle of it.
  const network = requestHandler ??
    // A redirect would take the session token elsewhere, and might carry an order out twice.
    new FetchHttpHandler({
      requestInit: () => ({ ...fetchOptions[kind], redirect: "manual" }),
      customFetch: boundFetch,
    });
  return {
    ...(region !== undefined && { region }),
    ...(keys !== undefined && { credentials: keys }),
    ...(role !== undefined && { credentials: role.credentials }),
    // Repeating is up to the caller, who knows what may be repeated, and up to its clock.
    maxAttempts: 1,
    logger: SILENT,
    requestHandler: guardHandler(network),
    // The SDK's own clients, which fetch credentials, take all of the above, but those of SSO take this alone. Over
    // node:https they would know neither the proxy nor the authorities.
    clientConfig: { requestHandler: explainHandler(network) },
  };
}

const nothing = () => {};
/** The SDK writes advice for programmers to stderr itself where it is given no logger. */
const SILENT = { trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };

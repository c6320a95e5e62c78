import { isObject, parseJson } from "../model/json.ts";
import type { Foreign, RefusedAnswer } from "../problems/aws_failure.ts";

/** The SDK's name for missing credentials. */
export const NO_CREDENTIALS = "CredentialsProviderError";

/**
 * An answer is not accepted. Where the SDK fetches credentials, it keeps only the message of what is thrown, so the
 * message holds all of the data.
 */
export class RefusedAnswerError extends Error {
  constructor(readonly answer: RefusedAnswer) {
    super(JSON.stringify(answer));
  }
}

/** The same as an error of missing credentials, for the SDK's own clients, which see by the status what is transient. */
export function asNoCredentials({ answer, message }: RefusedAnswerError): Error {
  const $metadata = { httpStatusCode: answer.code === "foreignAnswer" ? answer.status : undefined };
  return Object.assign(new Error(message), { name: NO_CREDENTIALS, $metadata });
}

/** The data in a message, after the names of the errors that it was wrapped in. */
const MESSAGE = /^(?:\w+: )*(\{"code":"(?:foreignAnswer|contradictoryAnswer|\w+Too(?:Large|Heavy))",.*\})$/;

/** Reads the answer that an error was thrown for; `undefined` for any other error. */
export function refusedAnswerIn(error: { readonly message?: unknown }): RefusedAnswer | undefined {
  const written = MESSAGE.exec(String(error.message))?.[1];
  const answer = written === undefined ? undefined : parseJson(written);
  return isObject(answer) ? answer as unknown as RefusedAnswer : undefined;
}

/** What kind of answer is not from AWS; `undefined` where AWS itself has answered, as far as is known. */
export function foreignOf(answer: RefusedAnswer): Foreign | undefined {
  if (answer.code !== "foreignAnswer") return undefined;
  return answer.status === 407 ? "wantsLogin" : "other";
}

import { isObject, parseJson } from "../model/json.ts";
import type { Foreign, RefusedAnswer } from "../problems/aws_failure.ts";

/** The SDK's name for that there are no credentials. */
export const NO_CREDENTIALS = "CredentialsProviderError";

/**
 * An answer is not taken. Where the SDK fetches credentials, it keeps the message alone of what is thrown: so the message is
 * all of the data.
 */
export class RefusedAnswerError extends Error {
  constructor(readonly answer: RefusedAnswer) {
    super(JSON.stringify(answer));
  }
}

/** The same for the SDK's own clients: that there are no credentials. By the status, the SDK knows what may pass. */
export function asNoCredentials({ answer, message }: RefusedAnswerError): Error {
  const $metadata = { httpStatusCode: answer.code === "foreignAnswer" ? answer.status : undefined };
  return Object.assign(new Error(message), { name: NO_CREDENTIALS, $metadata });
}

/** Behind the names of the errors that it came within. */
const MESSAGE = /^(?:\w+: )*(\{"code":"(?:foreignAnswer|contradictoryAnswer|\w+Too(?:Large|Heavy))",.*\})$/;

/** The answer that an error was thrown for; `undefined` where it says something else. */
export function refusedAnswerIn(error: { readonly message?: unknown }): RefusedAnswer | undefined {
  const written = MESSAGE.exec(String(error.message))?.[1];
  const answer = written === undefined ? undefined : parseJson(written);
  return isObject(answer) ? answer as unknown as RefusedAnswer : undefined;
}

/** `undefined` where AWS itself has answered, as far as is known. */
export function foreignOf(answer: RefusedAnswer): Foreign | undefined {
  if (answer.code !== "foreignAnswer") return undefined;
  return answer.status === 407 ? "wantsLogin" : "other";
}

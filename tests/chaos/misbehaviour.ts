import { type Act, encode, type Exchange } from "./wire.ts";

/** What can happen to a call on its way to AWS and back. */
export interface Misbehaviour {
  readonly name: string;
  /**
   * What it means for a client that does everything right. `harmless`: an answer as good as any. `trouble`: the answer is
   * lost, and whether the call was carried out is not known. `busy`: the call is known not to have been carried out, and
   * works later. `refused`: AWS's own no.
   */
  readonly means: "harmless" | "trouble" | "busy" | "refused";
  /** Whether the call was carried out; both where it may or may not have been. */
  readonly carriedOut: "always" | "never" | "either";
  /** Ended only by the time limit of an attempt. */
  readonly isSlow?: true;
  /** Where it makes no sense to have it as often as any other. */
  readonly only?: readonly Times[];
  readonly act: Act;
}

/** How often: `for-ever` is all calls of one operation from there on, `everything` all calls whatever. */
export type Times = "once" | "twice" | "for-ever" | "everything";

/** Each as a misbehaviour of its own. */
export function named(
  means: Misbehaviour["means"],
  carriedOut: Misbehaviour["carriedOut"],
  acts: Readonly<Record<string, Act>>,
  more: Pick<Misbehaviour, "isSlow" | "only"> = {},
): Misbehaviour[] {
  return Object.entries(acts).map(([name, act]) => ({ name, means, carriedOut, act, ...more }));
}

/** Sends an answer that is not AWS's. */
export function say(status: number, headers: Record<string, string>, body: string | Uint8Array = ""): Act {
  return ({ socket }) => void socket.write(encode(status, headers, body));
}

export const HTML = { "content-type": "text/html; charset=utf-8" };
export const JSON_TEXT = { "content-type": "application/json" };
export const AWS_JSON = { "content-type": "application/x-amz-json-1.1" };

/** A page as proxies, load balancers and hotels have them. */
export function page(title: string): string {
  return `<!DOCTYPE html>\n<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>\n`;
}

/** What AWS has answered. Throws where it was not asked. */
export function trueAnswer({ answer }: Exchange) {
  if (answer === undefined) throw new Error("this misbehaviour needs a call that was carried out");
  return answer;
}

/** Resolves after `ms`, or when the run is over. */
export function pause(ms: number, over: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (over.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      over.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    over.addEventListener("abort", done);
  });
}

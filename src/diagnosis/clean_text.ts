/** Parts of AWS's texts that carry no information for users. */
const FILLER = [
  /\b(?:service call|pull image manifest|inspect image|ref pull) has been retried \d+ time\(s\): /gi,
  /\bexecution resource retrieval failed: /gi,
  /,? ?\bstatus code: \d+, request id:? [\w-]+/gi,
  /, exceeded maximum number of attempts, \d+(?=,)/gi,
  // Where no server answered.
  /, https response error StatusCode: 0, RequestID: (?=,)/gi,
];

/** AWS's words on one line, without filler. */
export function withoutFiller(text: string): string {
  return FILLER.reduce((rest, pattern) => rest.replace(pattern, ""), text.replace(/\s+/g, " ")).trim();
}

/**
 * What varies between texts of AWS's that say the same: ids of tasks and requests, digests, times, addresses, and how
 * often something was tried.
 */
const VARYING: readonly RegExp[] = [
  /\brequest ?id:? [\w-]+/gi,
  /\bhost id:? \S+/gi,
  /\bsha256:[0-9a-f]{6,64}/gi,
  /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi,
  // Tasks, container instances: `arn:...:task/cluster/<32 digits>`, `(task <32 digits>)`.
  /\b[0-9a-f]{32}\b/gi,
  /\bi-[0-9a-f]{8,17}\b/g,
  /\beni-[0-9a-f]{8,17}\b/g,
  /\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?/g,
  /\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b/g,
  /\b\d+ time\(s\)/g,
];

/** Makes texts that say the same equal: for comparing, not for showing. */
export function normalizeMessage(text: string): string {
  return VARYING.reduce((normalized, pattern) => normalized.replace(pattern, "*"), text);
}

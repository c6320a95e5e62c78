import { ECSClient } from "@aws-sdk/client-ecs";
import { getSmithyContext } from "@smithy/core/transport";
import { AwsError } from "../errors.ts";
import type { ServiceEvent } from "../model/service.ts";
import { isObject } from "../model/json.ts";
import { Api, operationOf, type SdkCommand } from "./api.ts";
import type { ConnectionOptions } from "./connection.ts";
import { optionalText, readPages } from "./read_answer.ts";

/** Amazon ECS. */
export class EcsApi extends Api {
  readonly events = new KnownEvents();
  #areTagsRefused = false;

  constructor(options: ConnectionOptions) {
    super(options, (config) => keepUnknownMembers(new ECSClient(config)));
  }

  /** AWS's time, by which the SDK signs once AWS has refused this machine's. */
  readonly now = () => this.options.clock.now() + this.client.config.systemClockOffset;

  /**
   * Makes a call that asks for tags, and makes it anew without them where AWS refuses those. After one refusal, which
   * `onTagsRefused` gets, no call asks for tags any more.
   */
  async withTags<Result>(make: (tags: { readonly include?: ["TAGS"] }) => Promise<Result>): Promise<Result> {
    if (this.#areTagsRefused) return await make({});
    try {
      return await make({ include: ["TAGS"] });
    } catch (error) {
      if (!(error instanceof AwsError) || !mayRefuseTags(error)) throw error;
      const withoutTags = await make({});
      if (!this.#areTagsRefused) this.options.onTagsRefused(error);
      this.#areTagsRefused = true;
      return withoutTags;
    }
  }

  /** What `read` makes of each page of a listing; pages with nothing on them are left out. */
  async *list<Answer extends { readonly nextToken?: string | undefined }, Item>(
    command: (nextToken: string | undefined) => SdkCommand<Answer>,
    signal: AbortSignal,
    read: (answer: Answer) => readonly Item[],
  ): AsyncGenerator<readonly Item[], void, void> {
    const pages = readPages(operationOf(command(undefined)), (token) =>
      this.read(command(token), signal, (answer) => ({
        items: read(answer),
        nextToken: optionalText(answer.nextToken, "nextToken") || undefined,
      })));
    for await (const { items } of pages) if (items.length > 0) yield items;
  }
}

/** The events of services: up to a hundred come with every answer, and are kept once, however many answers are. */
export class KnownEvents {
  readonly #ofService = new Map<string, readonly ServiceEvent[]>();

  /** Returns the events of a service that was read, those that were read before as they are kept. */
  of(serviceArn: string, events: readonly ServiceEvent[]): readonly ServiceEvent[] {
    const known = new Map(this.#ofService.get(serviceArn)?.map((event) => [event.id, event]));
    const kept = events.map((event) => {
      const before = known.get(event.id);
      return before?.message === event.message && before.createdAtMs === event.createdAtMs ? before : event;
    });
    this.#ofService.set(serviceArn, kept);
    return kept;
  }
}

/** Under which partitions without tags refuse a call that asks for them. Other wrong inputs have the same names. */
const OF_INPUT: ReadonlySet<string> = new Set([
  ...["InvalidParameterException", "UnsupportedFeatureException", "UnsupportedOperationException"],
  "ValidationException",
]);

/**
 * Whether the same call may work without tags: some partitions (ISO) have none, and refuse to describe them
 * (github.com/hashicorp/terraform-provider-aws, issue 18134).
 */
function mayRefuseTags({ kind, code, detail }: AwsError): boolean {
  if (kind !== "denied" && kind !== "rejected") return false;
  return OF_INPUT.has(code) || /\btags?\b|tagging|tagsforresource/i.test(detail);
}

/**
 * Makes a client send and read also what its model of the API has no name for. ECS may be newer than the SDK, and the SDK
 * leaves such members out of requests and answers alike: a definition would lose them unnoticed.
 */
export function keepUnknownMembers(client: ECSClient): ECSClient {
  // Before the length of the body is taken, and the request is signed.
  client.middlewareStack.add((next) => async (args) => {
    const request = args.request as { body?: unknown };
    const known: unknown = JSON.parse(await textOf(request));
    const whole = withLeftOut(known, args.input);
    if (whole !== known) request.body = new TextEncoder().encode(JSON.stringify(whole));
    return next(args);
  }, { step: "build", priority: "high", name: "sendUnknownMembers" });

  const bodies = new WeakMap<object, string>();
  // The next two are around the SDK's own reading of an answer, which takes the body away.
  client.middlewareStack.add((next, context) => async (args) => {
    const result = await next(args);
    const response = result.response as { body?: unknown };
    const body = await textOf(response);
    bodies.set(response, body);
    if (!(response.body instanceof Uint8Array)) response.body = new TextEncoder().encode(body);
    readNumbersAsJson(context);
    return result;
  }, { step: "deserialize", priority: "low", name: "keepBody" });

  client.middlewareStack.add((next) => async (args) => {
    const result = await next(args);
    const body = bodies.get(result.response as object);
    if (!body) return result;
    const output = withLeftOut(result.output, JSON.parse(body));
    return { ...result, output: output as typeof result.output };
  }, { step: "deserialize", priority: "high", name: "readUnknownMembers" });
  return client;
}

/**
 * Where an answer may have any JSON somewhere, as in the details of a hook, the SDK looks at the digits of every number in
 * it: to parse it takes fifteen times as long. By this it keeps in mind whether it has to.
 */
const LOOKS_AT_DIGITS = Symbol.for("@aws-sdk/reviver");

function readNumbersAsJson(context: object): void {
  const { operationSchema } = getSmithyContext(context as Parameters<typeof getSmithyContext>[0]);
  const answer = (operationSchema as readonly unknown[])[5];
  const schema: unknown = typeof answer === "function" ? answer() : answer;
  if (Array.isArray(schema)) Object.assign(schema, { [LOOKS_AT_DIGITS]: false });
}

async function textOf({ body }: { readonly body?: unknown }): Promise<string> {
  if (typeof body === "string") return body;
  if (body instanceof Uint8Array) return new TextDecoder().decode(body);
  return await new Response(body as BodyInit).text();
}

/** What the SDK has made of a whole, together with what it has left out of that. To both, null means "not there". */
function withLeftOut(known: unknown, whole: unknown): unknown {
  if (Array.isArray(known) && Array.isArray(whole)) {
    const items = whole.length === known.length ? whole : whole.filter(isThere);
    if (items.length !== known.length) return known;
    const joined = known.map((item, index) => withLeftOut(item, items[index]));
    return joined.some((item, index) => item !== known[index]) ? joined : known;
  }
  if (!isObject(known) || !isObject(whole)) return known;
  const changed: [string, unknown][] = [];
  for (const [name, value] of Object.entries(whole)) {
    if (!isThere(value)) continue;
    const member = Object.hasOwn(known, name) ? withLeftOut(known[name], value) : value;
    if (member !== known[name]) changed.push([name, member]);
  }
  if (changed.length === 0) return known;
  // The SDK's own way to show what it does not know of a union.
  const { $unknown: _, ...named } = known;
  return { ...named, ...Object.fromEntries(changed) };
}

function isThere(value: unknown): boolean {
  return value !== null && value !== undefined;
}

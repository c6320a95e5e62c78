import { ECSClient } from "@aws-sdk/client-ecs";
import { NormalizedSchema } from "@smithy/core/schema";
import { parseEpochTimestamp } from "@smithy/core/serde";
import { AwsError, isRefusal } from "../errors.ts";
import { isObject, type JsonObject, objectIn } from "../model/json.ts";
import { Api } from "./api.ts";
import type { ConnectionOptions } from "./connection.ts";
import { optionalText, readPages } from "./read_answer.ts";
import { operationOf, type SdkCommand } from "./sdk_client.ts";

export class EcsApi extends Api {
  #areTagsRefused = false;

  constructor(options: ConnectionOptions) {
    super(options, (config) => keepUnknownMembers(new ECSClient(config)));
  }

  /** Hides secret values in what AWS says. */
  readonly mask = (text: string): string => this.options.mask?.(text) ?? text;

  /** The time by which the SDK signs: AWS's, once AWS has refused this machine's. Milliseconds since 1970. */
  readonly now = () => this.options.clock.now() + this.client.config.systemClockOffset;

  /**
   * Makes a call that asks for tags, and repeats it without them where AWS refuses those. After one such refusal, which
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

  /** Yields what `read` makes of each page of a listing; empty pages are left out. */
  async *list<Answer extends { readonly nextToken?: string | undefined }, Item>(
    command: (nextToken: string | undefined) => SdkCommand<Answer>,
    signal: AbortSignal,
    read: (answer: Answer) => readonly Item[],
  ): AsyncGenerator<readonly Item[], void, void> {
    const pages = readPages(operationOf(command(undefined)), (token) =>
      this.read(command(token), signal, (answer) => ({
        items: read(answer),
        nextToken: optionalText(answer.nextToken, "nextToken"),
      })));
    for await (const items of pages) if (items.length > 0) yield items;
  }
}

/** The errors by which partitions without tags refuse a call that asks for them, and others refuse any wrong input. */
const OF_INPUT: ReadonlySet<string> = new Set([
  ...["InvalidParameterException", "UnsupportedFeatureException", "UnsupportedOperationException"],
  "ValidationException",
]);

/**
 * Whether the same call may work without tags: some partitions (ISO) have none, and refuse to describe them
 * (github.com/hashicorp/terraform-provider-aws, issue 18134).
 */
function mayRefuseTags(error: AwsError): boolean {
  return isRefusal(error) && (OF_INPUT.has(error.code) || /\btags?\b|tagging|tagsforresource/i.test(error.detail));
}

/**
 * Makes a client also send and read members that its model of the API does not know. ECS may be newer than the SDK, and
 * the SDK leaves such members out of requests and answers alike: a definition would lose them unnoticed.
 */
export function keepUnknownMembers(client: ECSClient): ECSClient {
  // Runs before the body's length is computed and the request is signed.
  client.middlewareStack.add((next) => async (args) => {
    const request = args.request as { body?: unknown };
    const known: unknown = JSON.parse(await textOf(request));
    const whole = withLeftOut(known, args.input);
    if (whole !== known) request.body = new TextEncoder().encode(JSON.stringify(whole));
    return next(args);
  }, { step: "build", priority: "high", name: "sendUnknownMembers" });

  const protocol = client.config.protocol as unknown as Protocol;
  const readKnown = protocol.deserializeResponse.bind(protocol);
  protocol.deserializeResponse = async (operation, context, response) => {
    if (response.statusCode >= 300) return await readKnown(operation, context, response);
    const body = await textOf(response);
    const members: unknown = body === "" ? {} : readerOf(NormalizedSchema.of(operation.output))(JSON.parse(body));
    response.body = NO_MEMBERS;
    return { ...objectIn(members), ...await readKnown(operation, context, response) };
  };
  return client;
}

/** How the SDK reads an answer. Its own types are in packages that are not ours to import. */
interface Protocol {
  deserializeResponse(
    operation: { readonly output: Parameters<typeof NormalizedSchema.of>[0] },
    context: unknown,
    response: { readonly statusCode: number; body?: unknown },
  ): Promise<object>;
}

/** The body that the SDK itself gets to read, so that it reads the headers only. */
const NO_MEMBERS = new Uint8Array();

type Reader = (value: unknown) => unknown;

const asItIs: Reader = (value) => value;
const readers = new WeakMap<object, Reader>();

/**
 * Makes a reader that reads as the SDK does: times are dates, null means "not there", and known members come first, in
 * the model's order. Unlike the SDK, it keeps the members that the model does not know.
 */
function readerOf(schema: NormalizedSchema): Reader {
  if (schema.isTimestampSchema()) return parseEpochTimestamp;
  if (schema.isListSchema()) {
    const readItem = readerOf(schema.getValueSchema());
    return readItem === asItIs ? asItIs : (value) => Array.isArray(value) ? value.map(readItem) : value;
  }
  // ECS's maps contain nothing but texts.
  if (!schema.isStructSchema()) return asItIs;
  const structure = schema.getSchema() as object;
  const before = readers.get(structure);
  if (before !== undefined) return before;
  const members = new Map<string, Reader>();
  const read: Reader = (value) => isObject(value) ? readMembers(value, members) : value;
  readers.set(structure, read);
  for (const [name, member] of schema.structIterator()) members.set(name, readerOf(member));
  return read;
}

function readMembers(object: JsonObject, members: ReadonlyMap<string, Reader>): object {
  const known: Record<string, unknown> = {};
  for (const [name, read] of members) {
    const value = object[name];
    if (isThere(value)) known[name] = read(value);
  }
  const unknown = Object.keys(object).filter((name) => !members.has(name) && isThere(object[name]));
  return unknown.length === 0
    ? known
    : { ...known, ...Object.fromEntries(unknown.map((name) => [name, object[name]])) };
}

async function textOf({ body }: { readonly body?: unknown }): Promise<string> {
  if (typeof body === "string") return body;
  if (body instanceof Uint8Array) return new TextDecoder().decode(body);
  return await new Response(body as BodyInit).text();
}

/** Adds the members of `whole` that the SDK has left out of `known`. Null means "not there" in both. */
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
  // `$unknown` is the SDK's own way to keep an unknown member of a union.
  const { $unknown: _, ...named } = known;
  return { ...named, ...Object.fromEntries(changed) };
}

function isThere(value: unknown): boolean {
  return value !== null && value !== undefined;
}

import { Buffer } from "node:buffer";
import { deflateSync, gzipSync } from "node:zlib";
import { AWS_JSON, HTML, JSON_TEXT, type Misbehaviour, named, page, say, trueAnswer } from "./misbehaviour.ts";
import { type Act, encode, headersOf } from "./wire.ts";

/** Bodies that are not what they should be, under 200 most of them. */

type Change = (body: string) => string | Uint8Array;

/** AWS's own answer with another body, or other headers. */
const changed = (change: Change, headers: Record<string, string> = {}): Act => (exchange) => {
  const answer = trueAnswer(exchange);
  exchange.socket.write(encode(answer.status, { ...headersOf(answer), ...headers }, change(answer.body)));
};

const same: Change = (body) => body;
const BOM = "\ufeff";
/** More than any answer of AWS's, and than what a program may take. */
const HUGE_BYTES = 72 * 1_024 * 1_024;

/** Every value as one of another type. */
function otherTypes(value: unknown): unknown {
  if (Array.isArray(value)) return { 0: value.map(otherTypes) };
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, otherTypes(member)]));
  }
  return typeof value === "string" ? [value] : `${value}`;
}

const mapJson = (change: (value: unknown) => unknown): Change => (body) => JSON.stringify(change(JSON.parse(body)));
/** Every list and object is there, with nothing in it. */
const emptied = mapJson((value) =>
  Object.fromEntries(Object.entries(value as object).map(([name, member]) => [name, Array.isArray(member) ? [] : {}]))
);
const nulled = mapJson((value) => Object.fromEntries(Object.keys(value as object).map((name) => [name, null])));

const DEEP = "[".repeat(200_000);

export const BODIES: readonly Misbehaviour[] = [
  ...named("harmless", "always", {
    "gzip, declared": changed((body) => gzipSync(body), { "content-encoding": "gzip" }),
    "another charset named": changed(same, { "content-type": "application/x-amz-json-1.1; charset=shift_jis" }),
    "another content type": changed(same, { "content-type": "text/html" }),
    "no content type": changed(same, { "content-type": "" }),
    "an old date": changed(same, { date: new Date(Date.now() - 3_600_000).toUTCString() }),
    "a date that is none": changed(same, { date: "yesterday" }),
    "members that nobody knows": changed(mapJson((value) => ({ ...value as object, further: { of: [1] } }))),
    "spaces around the JSON": changed((body) => `\r\n  ${body}\n\n`),
  }),
  ...named("trouble", "always", {
    "a byte order mark before the JSON": changed((body) => BOM + body),
    "UTF-16": changed((body) => Buffer.from(BOM + body, "utf16le")),
    // Deno's fetch asks for gzip and brotli only.
    "deflate, declared": changed((body) => deflateSync(body), { "content-encoding": "deflate" }),
    "gzip, undeclared": changed((body) => gzipSync(body)),
    "deflate, undeclared": changed((body) => deflateSync(body)),
    "gzip declared of what is plain": changed(same, { "content-encoding": "gzip" }),
    "gzip cut off": changed((body) => gzipSync(body).subarray(0, 15), { "content-encoding": "gzip" }),
    "an encoding that nobody knows": changed((body) => gzipSync(body), { "content-encoding": "zstd-9" }),
    "JSON that is cut off": changed((body) => body.slice(0, Math.floor(body.length / 2))),
    "words behind the JSON": changed((body) => `${body} and so on`),
    "the JSON twice": changed((body) => body + body),
    "every value of another type": changed(mapJson(otherTypes)),
    "every member empty": changed(emptied),
    "every member null": changed(nulled),
    "a list around it": changed((body) => `[${body}]`),
    "a text of the JSON": changed((body) => JSON.stringify(body)),
  }),
  ...named("trouble", "either", {
    "200 HTML": say(200, HTML, page("Welcome to our guest network")),
    "200 HTML as JSON": say(200, JSON_TEXT, page("Welcome")),
    "200 {}": say(200, JSON_TEXT, "{}"),
    "200 empty": say(200, {}),
    "200 null": say(200, JSON_TEXT, "null"),
    "200 []": say(200, JSON_TEXT, "[]"),
    "200 a number": say(200, JSON_TEXT, "1e999"),
    "200 a proxy's JSON": say(200, JSON_TEXT, '{"status":"ok","message":"logged in"}'),
    "200 text": say(200, { "content-type": "text/plain" }, "OK"),
    "201 {}": say(201, JSON_TEXT, "{}"),
    "202 empty": say(202, {}),
    "204": ({ socket }) => void socket.write("HTTP/1.1 204 No Content\r\n\r\n"),
    "206 of HTML": say(206, { ...HTML, "content-range": "bytes 0-9/100" }, page("").slice(0, 10)),
    "200 an error's name": say(200, AWS_JSON, '{"__type":"ServerException","message":"try again"}'),
    "200 a strange error's name": say(200, AWS_JSON, '{"__type":{"constructor":5},"message":["\\u001b[31m"]}'),
    "200 deep nesting": say(200, JSON_TEXT, `{"services":${DEEP}`),
    "200 huge": ({ socket }) => void socket.end(encode(200, JSON_TEXT, `{"x":"${"x".repeat(HUGE_BYTES)}"}`)),
    "200 huge when unpacked": (exchange) =>
      say(200, { ...JSON_TEXT, "content-encoding": "gzip" }, gzipSync(Buffer.alloc(HUGE_BYTES, " ")))(exchange),
  }),
];

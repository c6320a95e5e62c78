import { HTML, type Misbehaviour, named, page } from "./misbehaviour.ts";
import { type Act, encode, REDIRECTED_PATH } from "./wire.ts";

/** Redirects, which no API of AWS answers with and nobody may follow: the request has a signature, a token and a body. */

const to =
  (status: number, location: (origins: { origin: string; otherOrigin: string }) => string): Act => (exchange) =>
    void exchange.socket.write(encode(status, { ...HTML, location: location(exchange) }, page("Moved")));

const STATUSES = [301, 302, 303, 307, 308];

export const REDIRECTS: readonly Misbehaviour[] = [
  ...STATUSES.flatMap((status) =>
    named("trouble", "either", {
      [`${status} to another origin`]: to(status, ({ otherOrigin }) => `${otherOrigin}/login`),
      [`${status} to the same origin`]: to(status, ({ origin }) => origin + REDIRECTED_PATH),
    })
  ),
  ...named("trouble", "either", {
    "302 to nowhere": ({ socket }) => void socket.write(encode(302, HTML, page("Moved"))),
    "307 to itself": to(307, ({ origin }) => `${origin}/`),
    "302 to a file": to(302, () => "file:///etc/hostname"),
    "300 with a choice": to(300, ({ otherOrigin }) => otherOrigin),
    "304": ({ socket }) => void socket.write(encode(304, {}, "")),
  }),
];

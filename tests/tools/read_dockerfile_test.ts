import { deepStrictEqual, match, throws } from "node:assert/strict";
import { readDockerfile } from "../../tools/container/read_dockerfile.ts";

const STAGE = `FROM node:24-slim AS build
RUN echo built
# Another stage.
FROM debian:trixie-20260918-slim@sha256:00
RUN apt-get update \\
  && apt-get install --yes --no-install-recommends ca-certificates jsonnet \\
  && rm -rf /var/lib/apt/lists/*
RUN useradd somebody
COPY --from=build /a /b
ENV NAME=value
USER 65532:65532
WORKDIR /work
ENTRYPOINT ["program", "--flag"]
`;

Deno.test("the last stage of a Dockerfile is what the image is made of", () => {
  deepStrictEqual(readDockerfile(STAGE), {
    suite: "trixie",
    packages: ["ca-certificates", "jsonnet"],
    commands: ["useradd somebody"],
    env: { NAME: "value" },
    user: "65532:65532",
    directory: "/work",
    entrypoint: ["program", "--flag"],
  });
});

Deno.test("what cannot be tried, or is missing, is told", () => {
  throws(() => readDockerfile(`${STAGE}HEALTHCHECK NONE\n`), /does not understand HEALTHCHECK/);
  throws(() => readDockerfile(STAGE.replace(/^USER.*\n/m, "")), /has no USER/);
  throws(() => readDockerfile(STAGE.replace("65532:65532", "root")), /has no USER/);
});

Deno.test("our Dockerfile can be tried, and names both of its bases by digest", async () => {
  const text = await Deno.readTextFile(new URL("../../Dockerfile", import.meta.url));
  deepStrictEqual(readDockerfile(text).entrypoint, ["ecspresso"]);
  const bases = text.match(/^FROM .*$/gm)!;
  deepStrictEqual(bases.length, 2);
  for (const base of bases) match(base, /@sha256:[0-9a-f]{64}( AS build)?$/);
});

# The program as a container image: docker build -t ecspresso .
# docs/ci.md says how it is used; CI builds it, and rolls a service of the emulator back in it.

# From source, with the packages of the frozen lock file: the same commit gives the same program, whether there is a
# release of it or not. Deno is npm's, whose integrity npm checks. This stage runs on the machine that builds, and
# compiles for the one that the image is for.
FROM --platform=$BUILDPLATFORM node:24.20.0-trixie-slim@sha256:50c3b2f6988dfc307b86e5301d69611af31f4789bdf232863b07d3b02fe55ae0 AS build
WORKDIR /src
COPY . .
ARG TARGETARCH
RUN case "$TARGETARCH" in \
      amd64) target=x86_64-unknown-linux-gnu ;; \
      arm64) target=aarch64-unknown-linux-gnu ;; \
      *) echo "Deno compiles for amd64 and arm64, not for \"$TARGETARCH\"" >&2; exit 1 ;; \
    esac \
  && npx --yes deno@2.9.6 task compile --target "$target" --output dist/ecspresso

# Deno needs glibc, TLS certificate authorities, and definitions in Jsonnet the command of that name.
FROM debian:trixie-20260918-slim@sha256:a99cfc517144bc59b1978475ec53b46ecabec7e43635402ee5b77cc54cd1b20a
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates jsonnet \
  && rm -rf /var/lib/apt/lists/*
RUN useradd --no-log-init --uid 10001 --user-group --create-home --shell /usr/sbin/nologin ecspresso
COPY --from=build /src/dist/ecspresso /usr/local/bin/
COPY --from=build /src/LICENSE /src/dist/THIRD_PARTY_LICENSES.txt /usr/share/doc/ecspresso/
# The image's authorities, to which a company can add its own, in place of those that Deno has built in.
ENV DENO_TLS_CA_STORE=system
# A number, by which Kubernetes sees that it is not root.
USER 10001:10001
WORKDIR /work
ENTRYPOINT ["ecspresso"]

import { type Config, DEFAULT_TIMEOUT_MS } from "./load_config.ts";

/** What a config would say that has the names of a service and nothing else: there is no file. */
export function configOfNames({ service, cluster, region }: {
  readonly service: string;
  readonly cluster: string;
  readonly region: string | undefined;
}): Config {
  return Object.freeze({
    ...{ path: undefined, region, cluster, service, requireService: () => service, timeoutMs: DEFAULT_TIMEOUT_MS },
    ...{ serviceDefinition: undefined, taskDefinition: undefined, codeDeploy: undefined },
    ...{ plugins: [], ignoredTags: [], unknownKeys: [] },
  });
}

import type { CauseCode } from "./cause.ts";
import { DEPENDENCY_TEXTS, HEALTH_TEXTS, IMAGE_TEXTS, MEMORY_TEXTS, START_TEXTS } from "./container_texts.ts";
import { DEPLOYMENT_TEXTS, PLACEMENT_TEXTS, PLATFORM_TEXTS } from "./placement_texts.ts";
import * as resources from "./resource_texts.ts";
import type { TextRules } from "./text_rules.ts";

/** The most telling first: if a container does not start because of its log driver, the driver is the cause. */
const ALL: readonly TextRules[] = [
  MEMORY_TEXTS,
  // In a text with this beginning, what looks like a secret or a log is part of the image's name.
  { ...IMAGE_TEXTS, within: /^CannotPull/ },
  resources.ROLE_TEXTS,
  resources.CREDENTIAL_SPEC_TEXTS,
  resources.ENV_FILE_TEXTS,
  resources.SECRET_TEXTS,
  resources.LOG_TEXTS,
  IMAGE_TEXTS,
  resources.EFS_TEXTS,
  resources.VOLUME_TEXTS,
  DEPENDENCY_TEXTS,
  START_TEXTS,
  resources.NETWORK_TEXTS,
  HEALTH_TEXTS,
  PLATFORM_TEXTS,
  PLACEMENT_TEXTS,
  DEPLOYMENT_TEXTS,
  resources.SERVICE_CONNECT_TEXTS,
  { within: /^ResourceInitializationError/, otherwise: "resourceNotReady" },
];

/** The cause that a text of ECS's stands for; `undefined` where no rule knows the text. */
export function findCauseCode(text: string): CauseCode | undefined {
  for (const { within, rules, otherwise } of ALL) {
    if (!within.test(text)) continue;
    const code = rules?.find(([, pattern]) => pattern.test(text))?.[0] ?? otherwise;
    if (code !== undefined) return code;
  }
  return undefined;
}

import type { Row } from "./row.ts";
import { CONTAINER_ROWS } from "./rows/containers.ts";
import { DEPLOYMENT_ROWS } from "./rows/deployment.ts";
import { EXIT_CODE_ROWS } from "./rows/exit_codes.ts";
import { HEALTH_ROWS } from "./rows/health.ts";
import { IMAGE_ROWS } from "./rows/images.ts";
import { PLACEMENT_ROWS } from "./rows/placement.ts";
import { PULL_ROWS } from "./rows/pulls.ts";
import { RESOURCE_ROWS } from "./rows/resources.ts";
import { SECRET_ROWS } from "./rows/secrets.ts";

/** Every cause that the program has to make clear. */
export const ROWS: readonly Row[] = [
  ...IMAGE_ROWS,
  ...PULL_ROWS,
  ...SECRET_ROWS,
  ...RESOURCE_ROWS,
  ...CONTAINER_ROWS,
  ...EXIT_CODE_ROWS,
  ...HEALTH_ROWS,
  ...PLACEMENT_ROWS,
  ...DEPLOYMENT_ROWS,
];

import { hasGoneBack, isGoingBack, type ServiceDeployment } from "./service_deployment.ts";

/** Which tasks get the production traffic where a deployment shifts it (blue/green, linear, canary). */
export type ProductionTraffic = "old" | "new" | "moving" | "unknown";

/** API reference, ServiceDeployment, lifecycleStage: "handling 100% of the production traffic", "is shifting", "is complete". */
const BY_STAGE: Readonly<Record<string, ProductionTraffic>> = {
  PRE_SCALE_UP: "old",
  SCALE_UP: "old",
  POST_SCALE_UP: "old",
  TEST_TRAFFIC_SHIFT: "old",
  POST_TEST_TRAFFIC_SHIFT: "old",
  PRE_PRODUCTION_TRAFFIC_SHIFT: "old",
  PRODUCTION_TRAFFIC_SHIFT: "moving",
  POST_PRODUCTION_TRAFFIC_SHIFT: "new",
  BAKE_TIME: "new",
  CLEAN_UP: "new",
};

/**
 * Where the traffic is after one more look at the deployment; `undefined` where none is shifted.
 *
 * @param known after the look before
 */
export function trafficAfter(
  known: ProductionTraffic | undefined,
  deployment: Pick<ServiceDeployment, "status" | "strategy" | "lifecycleStage" | "sourceRevisionArns">,
): ProductionTraffic | undefined {
  const { status, strategy = "ROLLING", lifecycleStage = "", sourceRevisionArns } = deployment;
  if (strategy === "ROLLING" || sourceRevisionArns.length === 0) return undefined;
  if (hasGoneBack(deployment)) return "old";
  // What has not been shifted need not be shifted back; of the rest AWS's pages do not say at which stage it is.
  if (isGoingBack(deployment)) {
    if (known === "old" || lifecycleStage === "CLEAN_UP") return "old";
    return known === "new" || known === "moving" ? "moving" : "unknown";
  }
  if (status === "ROLLBACK_FAILED" || status === "STOPPED") return known ?? "unknown";
  // It comes before every step of a linear or a canary deployment.
  if (lifecycleStage === "PRE_PRODUCTION_TRAFFIC_SHIFT" && strategy !== "BLUE_GREEN") return known ?? "unknown";
  return BY_STAGE[lifecycleStage] ?? known ?? "unknown";
}

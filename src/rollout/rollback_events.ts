/** Why a deploy may be rolled back by itself: the events of CodeDeploy, whose names users know. */
export const ROLLBACK_EVENTS = [
  "DEPLOYMENT_FAILURE",
  "DEPLOYMENT_STOP_ON_ALARM",
  "DEPLOYMENT_STOP_ON_REQUEST",
] as const;

export type RollbackEvent = (typeof ROLLBACK_EVENTS)[number];

import { DENIED, type TextRules } from "./text_rules.ts";

/**
 * Why ECS places no task, in events of the service and in stopped reasons.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/api_failures_messages.html
 */
export const PLACEMENT_TEXTS: TextRules = {
  within: new RegExp(
    "unable to place|RESOURCE:|capacity|container.instance|placement constraint|reached the limit|above your limit" +
      "|encountered error|\\b(?:AGENT|ATTRIBUTE)$|LimitExceeded|CountExceeded|compute strategy|account is|platform version",
    "i",
  ),
  rules: [
    ["accountBlocked", /account is (?:currently )?(?:blocked|suspended)/i],
    ["quotaReached", /reached the limit|above your limit|LimitExceeded|CountExceeded|service quota/i],
    ["launchDenied", new RegExp(`capacity provider.*(?:${DENIED.source})`, "i")],
    ["capacityUnavailable", /capacity is unavailable|RESOURCE:FARGATE|Insufficient\w*Capacity|Unfulfillable\w*/i],
    ["capacityUnavailable", /unable to launch instance|insufficient capacity|no (?:spot )?capacity/i],
    ["noInstances", /no container instances? (?:were|was|are) found|EMPTY CAPACITY PROVIDER/i],
    ["portTaken", /RESOURCE:PORTS|already using a port/i],
    ["noNetworkSlot", /RESOURCE:ENI|network interface/i],
    ["noRoom", /RESOURCE:\w+|insufficient (?:CPU|memory|GPU)|(?:does not|doesn't) have enough/i],
    ["attributeMissing", /missing an? attribute|\bATTRIBUTE$/],
    ["constraintUnmet", /memberOf|distinctInstance|placement constraint/i],
    ["agentDisconnected", /\bAGENT\b|agent .*disconnected/],
    ["platformUnfit", /not compatible with the selected|platform version|does not satisfy/i],
    ["internalError", /Reason: Internal error|InternalError/i],
    ["noRoom", /no container instance met/i],
    ["notPlaced", /unable to place/i],
  ],
};

/**
 * What takes running tasks, or hinders ECS for a while: the release is not to blame.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/spot-interruption-errors.html
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-maintenance.html
 */
export const PLATFORM_TEXTS: TextRules = {
  within: /./,
  rules: [
    ["spotInterrupted", /Spot Task was interrupted|SpotInterruption|spot (?:instance )?(?:interruption|reclaim)/i],
    ["hostMaintenance", /performing maintenance on|underlying infrastructure|DRAINING state/i],
    ["hostLost", /Host EC2|host .*(?:stopped|terminated)|deregistration forced/i],
    ["hostLost", /container instance .*(?:terminated|deregist)/i],
    ["throttled", /operations are being throttled|ThrottlingException|RequestLimitExceeded|Rate exceeded/i],
    ["internalError", /^InternalError|^Internal error/i],
  ],
};

/** What ECS, or somebody, says about the deployment as a whole. */
export const DEPLOYMENT_TEXTS: TextRules = {
  within: /deployment|start tasks|register|stopped by user|Scaling activity/i,
  rules: [
    ["replaced", /^Scaling activity initiated by|Availability Zone rebalancing/i],
    ["stoppedByUser", /^Task stopped by user|stopped by user/i],
    ["hookTimedOut", /lifecycle hook\S* .*timed? ?out/i],
    ["hookFailed", /lifecycle hook\S* .*fail/i],
    ["trafficConfigInvalid", /invalid networking configuration/i],
    ["alarm", /\balarms? (?:detected|triggered|is in|was|entered)|because of (?:an? )?(?:\w+ )?alarm/i],
    ["deploymentBlocked", /because of the service deployment configuration/i],
    ["targetNotRegistered", /failed to (?:de)?register/i],
    ["startsImpaired", /unable to consistently start tasks/i],
    ["tasksFailedToStart", /circuit breaker|tasks failed to start/i],
    ["stopRequested", /rollback requested|stopp?(?:ed)? (?:by|requested)|StopServiceDeployment/i],
  ],
};

import { Emulator } from "../../emulator/emulator.ts";
import {
  accessDenied,
  answerFromBefore,
  clockSkew,
  dropAfter,
  dropBefore,
  expiredToken,
  type FaultEffect,
  ignoreUpdate,
  tagsUnsupported,
  throttle,
  unrecognizedClient,
} from "../../emulator/faults.ts";
import {
  bareStatus,
  emptyAnswer,
  emptyBody,
  errorUnder200,
  htmlPage,
  proxyLogin,
  redirect,
} from "../../emulator/foreign_answers.ts";
import { DEPLOY_ROLE, myservice } from "../../emulator/myservice.ts";
import { createScenario } from "../../emulator/scenarios.ts";
import type { Scene } from "../scene.ts";
import { changed, crashing, faulty, throttledFor } from "./worlds.ts";

/** Something on the way to ECS answers in its place. */
function intercepted(effect: FaultEffect): Emulator {
  return faulty(["DescribeServices", "ListServiceDeployments"], effect);
}

/** Auto scaling is suspended as it should be; then AWS gives this effect to what restores it. */
function scalingBack(effect: FaultEffect): Emulator {
  const emulator = myservice();
  emulator.inject({ operation: "RegisterScalableTarget", nth: 2, times: Infinity, effect });
  return emulator;
}

export const AWS_TROUBLE_SCENES: Readonly<Record<string, Scene>> = {
  "access_denied": { args: "rollback --revision 3", world: () => faulty("UpdateService", accessDenied()) },
  "tags_unsupported": {
    args: "rollback --revision 3",
    world: () => faulty("DescribeServices", tagsUnsupported()),
  },
  "expired_token": { args: "rollback --revision 3", world: () => faulty("DescribeServices", expiredToken()) },
  "expired_token_while_watching": {
    args: "rollback --revision 3 --suspend-auto-scaling --resume-auto-scaling",
    world: () => {
      const emulator = createScenario("healthy");
      const act = () => emulator.inject({ times: Infinity, effect: expiredToken() });
      emulator.inject({ operation: "UpdateService", effect: { kind: "act", when: "after", act } });
      return emulator;
    },
  },
  "assume_role_denied": {
    args: "rollback --revision 3 --assume-role-arn arn:aws:iam::123456789012:role/deploy-other",
  },
  "assume_role_expired_token": {
    args: `rollback --revision 3 --assume-role-arn ${DEPLOY_ROLE}`,
    world: () => faulty("AssumeRole", expiredToken()),
  },
  "assume_role_of_what": { args: "rollback --revision 3 --assume-role-arn deploy-myservice" },
  "proxy_login": { args: "rollback --revision 3", world: () => intercepted(proxyLogin()) },
  "captive_portal": { args: "rollback --revision 3", world: () => intercepted(htmlPage(200)) },
  "redirected": {
    args: "rollback --revision 3",
    world: () => intercepted(redirect("https://login.example.com/saml?token=secret", 302)),
  },
  "proxy_while_waiting": {
    args: "rollback --revision 3",
    world: () => {
      const emulator = myservice();
      emulator.inject({ operation: "DescribeServices", nth: 5, forMs: 70_000, effect: htmlPage(403) });
      return emulator;
    },
  },
  "proxy_in_place_of_the_order": {
    args: "rollback --revision 3",
    world: () => faulty("UpdateService", htmlPage(502, { applied: true })),
  },
  "proxy_refuses_the_order": { args: "rollback --revision 3", world: () => faulty("UpdateService", htmlPage(403)) },
  "limited_by_a_proxy": {
    args: "rollback --revision 3",
    world: () => faulty("UpdateService", bareStatus(429), 5),
  },
  "refused_once_while_waiting": {
    args: "rollback --revision 3",
    world: () => {
      const emulator = myservice();
      emulator.inject({ operation: "DescribeServices", nth: 5, effect: accessDenied() });
      return emulator;
    },
  },
  "refused_twice_while_waiting": {
    args: "rollback --revision 3",
    world: () => {
      const emulator = myservice();
      emulator.inject({ operation: "DescribeServices", nth: 5, times: 2, effect: accessDenied() });
      return emulator;
    },
  },
  "answer_lost": { args: "rollback --revision 3", world: () => faulty("UpdateService", dropAfter(), 1) },
  "empty_answer_to_the_order": { args: "rollback --revision 3", world: () => faulty("UpdateService", emptyAnswer()) },
  "empty_answer_to_the_order_given": {
    args: "rollback --revision 3 --no-wait",
    world: () => faulty("UpdateService", emptyBody({ applied: true })),
  },
  "empty_answer_to_resuming": {
    args: "rollback --revision 3 --suspend-auto-scaling --resume-auto-scaling",
    world: () => scalingBack(emptyAnswer()),
  },
  "empty_answer_to_resuming_done": {
    args: "rollback --revision 3 --suspend-auto-scaling --resume-auto-scaling",
    world: () => scalingBack(errorUnder200("InternalFailure", "", { applied: true })),
  },
  "empty_answer_to_stopping": {
    args: "rollback --revision 3",
    world: () => faulty("StopServiceDeployment", emptyAnswer(), 1, crashing()),
  },
  "empty_answer_to_deregistering": {
    args: "rollback --revision 3 --deregister",
    world: () => faulty("DeregisterTaskDefinition", emptyAnswer()),
  },
  "empty_answer_to_deregistering_done": {
    args: "rollback --revision 3 --deregister",
    world: () => faulty("DeregisterTaskDefinition", emptyAnswer({ applied: true })),
  },
  "deregister_denied": {
    args: "rollback --revision 3 --deregister",
    world: () => faulty("DeregisterTaskDefinition", accessDenied()),
  },
  "why_tasks_stop_is_not_allowed": {
    args: "rollback --revision 3 --preflight off",
    world: () => faulty("ListTasks", accessDenied(), Infinity, createScenario("circuit_breaker")),
  },
  "history_is_not_allowed": {
    args: "rollback --revision 3 --no-wait",
    world: () => faulty("DescribeServiceDeployments", accessDenied(), Infinity, crashing()),
  },
  "throttled": { args: "rollback --revision 3", world: () => createScenario("throttled") },
  "update_starts_nothing": {
    args: "rollback --revision 3",
    world: () => faulty("UpdateService", ignoreUpdate()),
  },
  "update_shown_late": {
    args: "rollback --revision 3",
    world: () => faulty("UpdateService", answerFromBefore()),
  },
  "update_throttled_for_minutes": {
    args: "rollback --revision 3",
    world: () => throttledFor("UpdateService", 100_000),
  },
  "update_throttled_until_the_timeout": {
    args: "rollback --revision 3 --timeout 1m",
    world: () => throttledFor("UpdateService", Infinity),
  },
  "update_throttled_and_overtaken": {
    args: "rollback --revision 3",
    world: () =>
      changed((emulator) => {
        emulator.schedule(
          10_000,
          () => emulator.updateService({ service: "myservice", taskDefinition: "myservice:2" }),
        );
      }, throttledFor("UpdateService", 60_000)),
  },
  "read_throttled_for_minutes": {
    args: "rollback --revision 3 --dry-run",
    world: () => throttledFor("DescribeServices", 100_000),
  },
  "update_throttled": { args: "rollback --revision 3 --no-wait", world: () => faulty("UpdateService", throttle(), 3) },
  "update_lost_for_good": {
    args: "rollback --revision 3 --suspend-auto-scaling --resume-auto-scaling",
    world: () => faulty("UpdateService", dropBefore(), Infinity),
  },
  "credentials_unknown": {
    args: "rollback --revision 3",
    world: () => faulty("DescribeServices", unrecognizedClient(), Infinity),
  },
  "clock_is_wrong": {
    args: "rollback --revision 3 --no-wait",
    world: () => faulty("DescribeServices", clockSkew(3_600_000), 1),
  },
};

import { accessDenied, actBefore } from "../../emulator/faults.ts";
import { emptyAnswer, errorUnder200 } from "../../emulator/foreign_answers.ts";
import { myservice, RESOURCE_ID, UNTIL_STEADY_MS } from "../../emulator/myservice.ts";
import type { Scene } from "../scene.ts";
import { withFiles } from "./files.ts";
import { afterUpdate, ALL_SUSPENDED, changed, faulty, recorded, slowToRead, suspended } from "./worlds.ts";

export const ROLLBACK_SCALING_SCENES: Readonly<Record<string, Scene>> = {
  "both_after_a_kill": {
    args: "rollback --revision 3 --suspend-auto-scaling --resume-auto-scaling",
    world: () => suspended(myservice(), "v1 in=0 out=0 scheduled=1 at=2023-01-01T11:58:00.000Z by=alice"),
  },
  "suspension_changed_meanwhile": {
    args: "rollback --revision 3 --suspend-auto-scaling --resume-auto-scaling",
    world: () =>
      afterUpdate((emulator) =>
        emulator.registerScalableTarget({
          ResourceId: RESOURCE_ID,
          SuspendedState: { ...ALL_SUSPENDED, ScheduledScalingSuspended: false },
        })
      ),
  },
  "suspension_changed_before_the_first_write": {
    args: "rollback --revision 3 --suspend-auto-scaling --resume-auto-scaling",
    world: () => {
      const emulator = slowToRead();
      const SuspendedState = { ...ALL_SUSPENDED, DynamicScalingOutSuspended: false };
      const decide = () => emulator.registerScalableTarget({ ResourceId: RESOURCE_ID, SuspendedState });
      emulator.inject({ operation: "DescribeScalableTargets", nth: 2, effect: actBefore(decide) });
      return emulator;
    },
  },
  "rollback_scaling": {
    args: "rollback --config ecspresso.yml --revision 3 --suspend-auto-scaling --resume-auto-scaling",
  },
  "auto_scaling_left_to_a_newer_run": {
    args: "rollback --revision 3 --suspend-auto-scaling --resume-auto-scaling",
    world: () =>
      afterUpdate((emulator) => {
        recorded(emulator, "v1 in=0 out=0 scheduled=0 at=2023-01-01T12:10:00.000Z by=bob runs=0badcafe");
      }),
  },
  "auto_scaling_left_to_the_run_that_was_faster": {
    args: "rollback --revision 3 --suspend-auto-scaling --resume-auto-scaling",
    world: () =>
      afterUpdate(
        (emulator) => emulator.updateService({ service: "myservice", taskDefinition: "myservice:2" }),
        suspended(myservice(), "v1 in=0 out=0 scheduled=0 at=2023-01-01T12:10:00.000Z by=bob runs=0badcafe"),
      ),
  },
  "empty_answer_to_suspending": {
    args: "rollback --revision 3 --suspend-auto-scaling --resume-auto-scaling",
    world: () => faulty("RegisterScalableTarget", emptyAnswer(), 1),
  },
  "error_under_200_to_untagging": {
    args: "rollback --revision 3 --suspend-auto-scaling --resume-auto-scaling",
    world: () => faulty("UntagResource", errorUnder200("InternalFailure", "", { applied: true })),
  },
  "error_under_200_to_tagging": {
    args: "rollback --revision 3 --suspend-auto-scaling --resume-auto-scaling",
    world: () => faulty("TagResource", errorUnder200()),
  },
  "scaling_not_given_back": {
    args: "rollback --revision 3 --suspend-auto-scaling --resume-auto-scaling",
    world: () => {
      const emulator = myservice();
      emulator.inject({
        operation: "RegisterScalableTarget",
        nth: 2,
        times: Infinity,
        effect: accessDenied("application-autoscaling"),
      });
      return emulator;
    },
  },
  "suspend_alone": { args: "rollback --revision 3 --suspend-auto-scaling", world: myservice },
  "suspend_alone_already_there": { args: "rollback --revision 4 --suspend-auto-scaling", world: myservice },
  "suspend_alone_already_there_dry_run": {
    args: "rollback --revision 4 --suspend-auto-scaling --dry-run",
    world: myservice,
  },
  "resume_alone": {
    args: "rollback --revision 3 --resume-auto-scaling --no-wait",
    world: () => suspended(myservice()),
  },
  "resume_after_a_kill": {
    args: "rollback --revision 4 --resume-auto-scaling",
    world: () => suspended(myservice(), "v1 in=0 out=0 scheduled=1 at=2023-01-01T11:58:00.000Z by=alice"),
  },
  "record_of_another_kind": {
    args: "rollback --revision 3 --suspend-auto-scaling --resume-auto-scaling --dry-run",
    world: () => recorded(myservice(), "hands off"),
  },
  "no_record_possible": {
    args: "rollback --revision 3 --suspend-auto-scaling --resume-auto-scaling --dry-run",
    world: () =>
      changed((emulator) => {
        emulator.registerScalableTarget({ ResourceId: RESOURCE_ID, MinCapacity: 1, MaxCapacity: 10 }, {
          withoutArn: true,
        });
      }, myservice()),
  },
  "tagging_is_not_allowed": {
    args: "rollback --revision 3 --suspend-auto-scaling --resume-auto-scaling",
    world: () => faulty("TagResource", accessDenied("application-autoscaling"), Infinity),
  },
  "capacity_would_be_clamped": {
    args: "rollback --revision 3 --suspend-auto-scaling --resume-auto-scaling --dry-run",
    world: () =>
      changed((emulator) => {
        emulator.updateService({ service: "myservice", desiredCount: 12 });
        emulator.advance(UNTIL_STEADY_MS);
      }, myservice()),
  },
  "no_scalable_target": {
    args: "rollback --revision 3 --suspend-auto-scaling --resume-auto-scaling --dry-run",
    options: withFiles({ "ecspresso.yml": "region: ap-northeast-1\nservice: other\n" }),
    world: () =>
      changed((emulator) => {
        const { subnets } = { subnets: ["subnet-0123456789abcdef0"] };
        const networkConfiguration = { awsvpcConfiguration: { subnets } };
        const service = { serviceName: "other", taskDefinition: "myservice:4", launchType: "FARGATE", desiredCount: 1 };
        emulator.createService({ ...service, networkConfiguration });
        emulator.advance(UNTIL_STEADY_MS);
      }, myservice()),
  },
};

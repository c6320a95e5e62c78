import { accessDenied, actAfter, actBefore } from "../../emulator/faults.ts";
import { emptyAnswer } from "../../emulator/foreign_answers.ts";
import { myservice } from "../../emulator/myservice.ts";
import type { Scene } from "../scene.ts";
import { NO_FILES, withFiles, WITHOUT_SERVICE } from "./files.ts";
import { changed, faulty, withOther } from "./worlds.ts";

export const DEREGISTER_SCENES: Readonly<Record<string, Scene>> = {
  "rollback_deregister": { args: "rollback --config ecspresso.yml --revision 3 --deregister" },
  "named_deregister": {
    args: "deregister --service myservice --region ap-northeast-1 --revision 1",
    options: NO_FILES,
  },
  "empty_answer_to_deleting": {
    args: "deregister --keeps 1 --delete",
    world: () => faulty("DeleteTaskDefinitions", emptyAnswer({ applied: true }), Infinity, myservice({ history: [4] })),
  },
  "in_use_by_a_task": {
    args: "rollback --revision 3 --deregister",
    world: () => faulty("ListServices", accessDenied(), Infinity, withOther(1)),
  },
  "in_use_by_another_service_dry_run": {
    args: "rollback --revision 3 --deregister --dry-run",
    world: () => withOther(0),
  },
  "in_use_by_a_service_not_to_be_read_dry_run": {
    args: "rollback --revision 3 --deregister --dry-run",
    world: () => faulty("ListServices", accessDenied(), Infinity, withOther(1)),
  },
  "in_use_by_another_service": { args: "rollback --revision 3 --deregister", world: () => withOther(0) },
  "deregister": { args: "deregister --revision 2" },
  "deregister_in_use": { args: "deregister --revision 4", world: myservice },
  "deregister_latest": { args: "deregister --revision latest --dry-run", world: () => myservice({ history: [3] }) },
  "deregister_keeps": { args: "deregister --keeps 1 --delete", world: () => myservice({ history: [4] }) },
  "deregister_keeps_dry_run": { args: "deregister --keeps 1 --delete --dry-run" },
  "deregister_nothing": { args: "deregister --keeps 10" },
  "deregister_confirmed": { args: "deregister --keeps 1", options: { isTerminal: true, typed: ["y"] } },
  "deregister_not_confirmed": { args: "deregister --keeps 1", options: { isTerminal: true, typed: ["no"] } },
  "deregister_question_unseen": { args: "deregister --keeps 1", options: { isTerminal: ["stdin"], typed: ["y"] } },
  "deregister_force": { args: "deregister --keeps 1 --force --no-color", options: { isTerminal: true } },
  "deregister_refused_by_aws": {
    args: "deregister --keeps 1",
    world: () => {
      const emulator = myservice({ history: [4] });
      emulator.inject({ operation: "DeregisterTaskDefinition", nth: 3, times: Infinity, effect: accessDenied() });
      return emulator;
    },
  },
  "deregister_interrupted": {
    args: "deregister --keeps 1",
    world: () => myservice({ history: [4] }),
    options: { stopAfterCalls: { calls: 11, signal: "SIGINT" } },
  },
  "deregister_interrupted_before_deleting": {
    args: "deregister --keeps 1 --delete",
    world: () => myservice({ history: [4] }),
    options: { stopAfterCalls: { calls: 14, signal: "SIGTERM" } },
  },
  "deregister_delete_denied": {
    args: "deregister --keeps 1 --delete",
    world: () => faulty("DeleteTaskDefinitions", accessDenied(), Infinity, myservice({ history: [4] })),
  },
  "deregister_another_service": {
    args: "deregister --keeps 1 --dry-run",
    world: () => withOther(0, "myservice:2", myservice({ options: { pageSize: 1 } })),
  },
  "deregister_services_denied": {
    args: "deregister --keeps 1 --delete",
    world: () => faulty("ListServices", accessDenied(), Infinity, withOther(1, "myservice:2")),
  },
  "deregister_service_missing": {
    args: "deregister --revision 1",
    options: withFiles({
      "ecspresso.yml": "region: ap-northeast-1\nservice: myservce\ntask_definition: ecs-task-def.json\n",
      "ecs-task-def.json": '{"family": "myservice"}',
    }),
  },
  "deregister_without_service": {
    args: "deregister --revision 1 --force",
    options: withFiles({
      "ecspresso.yml": "region: ap-northeast-1\nservice: batch\ntask_definition: ecs-task-def.json\n",
      "ecs-task-def.json": '{"family": "myservice"}',
    }),
  },
  "deregister_in_use_by_now": {
    args: "deregister --keeps 1 --delete",
    world: () => {
      const emulator = myservice({ revisions: 15, history: [14, 15] });
      const effect = actAfter((emulator) =>
        emulator.updateService({ service: "myservice", taskDefinition: "myservice:12" })
      );
      emulator.inject({ operation: "DeregisterTaskDefinition", nth: 11, effect });
      return emulator;
    },
  },
  "deregister_in_use_after_the_question": {
    args: "deregister --revision 2",
    options: { isTerminal: true, typed: ["y"] },
    world: () => {
      const emulator = myservice();
      const effect = actBefore((emulator) =>
        emulator.updateService({ service: "myservice", taskDefinition: "myservice:2" })
      );
      emulator.inject({ operation: "DescribeServices", nth: 4, effect });
      return emulator;
    },
  },
  "deregister_already": {
    args: "deregister --revision 2",
    world: () => changed((emulator) => emulator.deregisterTaskDefinition("myservice:2")),
  },
  "deregister_unknown": { args: "deregister --revision 9" },
  "deregister_what": { args: "deregister" },
  "help_deregister": { args: "deregister --help" },
  "no_service_deregister": { args: "deregister --revision 4", world: myservice, options: withFiles(WITHOUT_SERVICE) },
  "no_service_deregister_denied": {
    args: "deregister --revision 1",
    world: () => faulty("ListServices", accessDenied(), Infinity, myservice()),
    options: withFiles(WITHOUT_SERVICE),
  },
  "untrusted_deregister": { args: "deregister --revision 3 --untrusted" },
};

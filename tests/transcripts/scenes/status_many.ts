import { accessDenied } from "../../emulator/faults.ts";
import type { Scene } from "../scene.ts";
import { IN_REGION, withFiles } from "./files.ts";
import { changed, faulty, threeServices } from "./worlds.ts";

export const STATUS_MANY_SCENES: Readonly<Record<string, Scene>> = {
  "many_status": { args: "status --service * --events 1", world: threeServices, options: IN_REGION },
  "many_cluster_missing": {
    args: "status --service * --cluster default --cluster prod",
    world: threeServices,
    options: IN_REGION,
  },
  "many_status_one_missing": {
    args: "status --service myservice --service othr --cluster default --events 1",
    world: threeServices,
    options: IN_REGION,
  },
  "many_status_one_denied": {
    args: "status --service myservice --service other --events 1",
    world: () =>
      changed((emulator) => {
        const Action = [
          "ecs:List*",
          "ecs:DescribeServiceDeployments",
          "ecs:DescribeServiceRevisions",
          "ecs:DescribeTasks",
        ];
        const others = ["ecs:DescribeTaskDefinition", "ecr:*", "application-autoscaling:*"];
        const Resource = "arn:aws:ecs:ap-northeast-1:123456789012:service/default/myservice";
        emulator.authorize({
          Version: "2012-10-17",
          Statement: [
            { Effect: "Allow", Action: [...Action, ...others], Resource: "*" },
            { Effect: "Allow", Action: "ecs:DescribeServices", Resource },
          ],
        });
      }, threeServices()),
    options: IN_REGION,
  },
  "many_no_service_matches": { args: "status --service myserv1ce*", options: IN_REGION },
  "many_no_cluster_matches": { args: "status --service * --cluster prod-*", options: IN_REGION },
  "many_by_tag": { args: "status --service-tag release=42 --events 1", world: threeServices, options: IN_REGION },
  "many_no_service_has_the_tag": {
    args: "status --service-tag release=43 --service-tag team=web",
    world: threeServices,
    options: IN_REGION,
  },
  "many_tags_may_not_be_read": {
    args: "status --service-tag release=42",
    world: () => faulty("DescribeServices", accessDenied(), Infinity, threeServices()),
    options: IN_REGION,
  },
  "many_tag_of_what": { args: "status --service-tag release" },
  "many_max_services_of_what": { args: "status --max-services all" },
  "many_configs": {
    args: "status --config ecs/*/ecspresso.yml --config ecs/a/ecspresso.yml --events 1",
    world: threeServices,
    options: withFiles({
      "ecs/a/ecspresso.yml": "region: ap-northeast-1\nservice: myservice\n",
      "ecs/b/ecspresso.yml": "region: ap-northeast-1\nservice: other\n",
    }),
  },
  "many_no_config_matches": { args: "status --config ecs/**/ecspresso.yml" },
  "fleet_file_missing": { args: "status --fleet fleet.yml" },
  "fleet_file_empty": { args: "status --fleet fleet.yml", options: withFiles({ "fleet.yml": "services: []\n" }) },
  "fleet_file_wave": {
    args: "status --fleet fleet.yml",
    options: withFiles({ "fleet.yml": "services:\n  - config: a.yml\n    wave: 0\n" }),
  },
  "fleet_file_two_ways": {
    args: "status --fleet fleet.yml",
    options: withFiles({ "fleet.yml": "services:\n  - config: a.yml\n    service: a\n" }),
  },
  "fleet_file_no_way": {
    args: "status --fleet fleet.yml",
    options: withFiles({ "fleet.yml": "services:\n  - cluster: default\n" }),
  },
  "fleet_file_cluster_of_a_config": {
    args: "status --fleet fleet.yml",
    options: withFiles({ "fleet.yml": "services:\n  - config: a.yml\n    cluster: default\n" }),
  },
  "fleet_file_bad_name": {
    args: "status --fleet fleet.yml",
    options: withFiles({ "fleet.yml": "services:\n  - service: a/b\n" }),
  },
  "fleet_file_bad_role": {
    args: "status --fleet fleet.yml",
    options: withFiles({ "fleet.yml": "services:\n  - service: a\n    role: deploy\n" }),
  },
  "fleet_file_and_cluster": { args: "status --fleet fleet.yml --service a --cluster default" },
};

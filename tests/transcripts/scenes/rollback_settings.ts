import { crashLoop, secretNotFound } from "../../emulator/behaviours.ts";
import { Emulator } from "../../emulator/emulator.ts";
import { accessDenied, actAfter } from "../../emulator/faults.ts";
import type { JsonObject } from "../../emulator/model.ts";
import { type MyService, myservice, taskDefinition, UNTIL_STEADY_MS } from "../../emulator/myservice.ts";
import type { Scene } from "../scene.ts";
import { tagMoved } from "./moving_tags.ts";
import {
  API_KEY,
  BREAKER,
  changed,
  deployedNow,
  faulty,
  LOAD_BALANCER,
  MONITORING,
  SPOT,
  withVolume,
} from "./worlds.ts";

/** The service was given to Service Connect, by the name of a port that the task definition has since then. */
function withServiceConnect(): Emulator {
  const emulator = myservice();
  const { containerDefinitions: [app], ...others } = taskDefinition(4) as JsonObject & {
    containerDefinitions: [JsonObject];
  };
  const portMappings = [{ containerPort: 8080, name: "http" }];
  emulator.registerTaskDefinition({ ...others, containerDefinitions: [{ ...app, portMappings }] });
  const services = [{ portName: "http" }];
  return deployedNow(emulator, { serviceConnectConfiguration: { enabled: true, namespace: "internal", services } });
}

const SUBNETS = ["subnet-0a1b2c3d4e5f60718", "subnet-1a2b3c4d5e6f70819"];

const OTHER_GROUP = {
  networkConfiguration: { awsvpcConfiguration: { subnets: SUBNETS, securityGroups: ["sg-0fedcba9876543210"] } },
};

/** 3 ran well, then the deploy of 4 changed settings of the service, too. */
function withOtherSettings(settings: JsonObject = OTHER_GROUP, world: MyService = {}): Emulator {
  const emulator = myservice({ history: [3], ...world });
  emulator.advance(UNTIL_STEADY_MS);
  emulator.updateService({ service: "myservice", taskDefinition: "myservice:4", ...settings });
  emulator.advance(UNTIL_STEADY_MS);
  return emulator;
}

/** 4 ran well until the service got another security group, with which no task finds its secret. */
function withGroupThatFails(): Emulator {
  const emulator = myservice({ service: BREAKER });
  emulator.setBehaviour("myservice:4", secretNotFound(API_KEY));
  emulator.updateService({ service: "myservice", ...OTHER_GROUP });
  emulator.advance(UNTIL_STEADY_MS);
  return emulator;
}

/** 4 listens on another port, and the load balancer sends there since then. */
function withOtherPort(): Emulator {
  const emulator = myservice({ service: { loadBalancers: [LOAD_BALANCER] } });
  const { containerDefinitions: [app], ...others } = taskDefinition(4) as JsonObject & {
    containerDefinitions: [JsonObject];
  };
  const portMappings = [{ containerPort: 9090 }];
  emulator.registerTaskDefinition({ ...others, containerDefinitions: [{ ...app, portMappings }] });
  return deployedNow(emulator, { loadBalancers: [{ ...LOAD_BALANCER, containerPort: 9090 }] });
}

const LOG_OPTIONS = { "splunk-url": "https://splunk.example.com", "splunk-token": "8ed2-not-to-be-seen" };

const BLUE = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/blue/0123456789abcdef";

const GREEN = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/green/0123456789abcdef";

/** A load balancer of a blue/green service, with its target groups in this order. */
function alternating(targetGroupArn: string, alternateTargetGroupArn: string, rule = "prod"): JsonObject {
  const productionListenerRule = `arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:listener-rule/app/${rule}`;
  const roleArn = "arn:aws:iam::123456789012:role/ecs-load-balancers";
  return {
    ...LOAD_BALANCER,
    targetGroupArn,
    advancedConfiguration: { alternateTargetGroupArn, productionListenerRule, roleArn },
  };
}

/** Since 3 ran, the target groups have changed places, and the deploy of 4 has changed the rule of the listener, too. */
function alternated(...now: JsonObject[]): Emulator {
  const service = {
    loadBalancers: [alternating(BLUE, GREEN)],
    deploymentConfiguration: { strategy: "BLUE_GREEN", bakeTimeInMinutes: 1 },
  };
  return withOtherSettings({ loadBalancers: now }, { service });
}

export const ROLLBACK_SETTINGS_SCENES: Readonly<Record<string, Scene>> = {
  "rollback_before_a_volume": { args: "rollback --revision previous", world: withVolume },
  "rollback_before_a_volume_dry_run": { args: "rollback --revision previous --dry-run", world: withVolume },
  "rollback_before_a_volume_reregister": {
    args: "rollback --revision 4 --reregister",
    world: () => {
      const emulator = withVolume();
      emulator.deregisterTaskDefinition("myservice:4");
      return emulator;
    },
  },
  "rollback_before_service_connect": { args: "rollback --revision 4", world: withServiceConnect },
  "rollback_settings_differ": { args: "rollback --revision 3", world: withOtherSettings },
  "rollback_settings_differ_dry_run": { args: "rollback --revision previous --dry-run", world: withOtherSettings },
  "rollback_settings_differ_none": { args: "rollback --revision 3 --dry-run --restore none", world: withOtherSettings },
  "rollback_settings_differ_in_many": {
    args: "rollback --revision 3 --dry-run",
    world: () =>
      withOtherSettings({
        ...OTHER_GROUP,
        platformVersion: "1.3.0",
        capacityProviderStrategy: SPOT,
        forceNewDeployment: true,
        monitoring: MONITORING,
        loadBalancers: [LOAD_BALANCER],
        serviceConnectConfiguration: {
          enabled: true,
          namespace: "internal",
          logConfiguration: { logDriver: "splunk", options: LOG_OPTIONS },
        },
      }, { service: { platformVersion: "1.4.0", loadBalancers: [{ ...LOAD_BALANCER, targetGroupArn: BLUE }] } }),
  },
  "rollback_settings_secret": {
    args: "rollback --revision 3 --dry-run",
    world: () => {
      const connect = (options: JsonObject) => ({
        serviceConnectConfiguration: {
          enabled: true,
          namespace: "internal",
          logConfiguration: { logDriver: "splunk", options },
        },
      });
      const service = connect({ ...LOG_OPTIONS, "splunk-token": "1c0e-not-to-be-seen" });
      return withOtherSettings(connect(LOG_OPTIONS), { service });
    },
  },
  "rollback_restore_service": { args: "rollback --revision 3 --restore service", world: withOtherSettings },
  "rollback_restore_service_dry_run": {
    args: "rollback --revision previous --restore service --dry-run",
    world: withOtherSettings,
  },
  "rollback_restore_service_as_json": {
    args: "rollback --revision 3 --restore service --no-wait --output json",
    world: withOtherSettings,
  },
  "rollback_restore_service_nothing_differs": { args: "rollback --revision 3 --restore service --no-wait" },
  "rollback_restore_service_under_way": {
    args: "rollback --revision 3 --restore service",
    world: () => withOtherSettings(OTHER_GROUP, { behaviours: { 4: crashLoop() } }),
  },
  "rollback_restore_service_denied": {
    args: "rollback --revision 3 --restore service --dry-run",
    world: () => faulty("ListServiceDeployments", accessDenied(), Infinity, withOtherSettings()),
  },
  "rollback_settings_denied": {
    args: "rollback --revision 3 --dry-run",
    world: () => faulty("ListServiceDeployments", accessDenied(), Infinity, withOtherSettings()),
  },
  "rollback_restore_service_too_old": { args: "rollback --revision 2 --restore service --dry-run" },
  "rollback_restore_service_capacity_providers": {
    args: "rollback --revision 3 --restore service --no-wait",
    world: () => withOtherSettings({ capacityProviderStrategy: SPOT, forceNewDeployment: true }),
  },
  "rollback_restore_service_volume": {
    args: "rollback --revision previous --restore service --no-wait",
    world: withVolume,
  },
  "rollback_restore_service_connect": {
    args: "rollback --revision 4 --restore service --no-wait",
    world: withServiceConnect,
  },
  "rollback_before_another_port": { args: "rollback --revision 4", world: withOtherPort },
  "rollback_restore_service_port": { args: "rollback --revision 4 --restore service --no-wait", world: withOtherPort },
  "rollback_restore_service_blue_green": {
    args: "rollback --revision 3 --restore service --dry-run",
    world: () => alternated(alternating(GREEN, BLUE, "other")),
  },
  "rollback_settings_blue_green_alternated": {
    args: "rollback --revision 3 --dry-run",
    world: () => alternated(alternating(GREEN, BLUE)),
  },
  "rollback_restore_service_blue_green_other_groups": {
    args: "rollback --revision 3 --restore service --dry-run",
    world: () => alternated(alternating(LOAD_BALANCER.targetGroupArn, BLUE)),
  },
  "rollback_settings_of_the_same": { args: "rollback --revision 4", world: withGroupThatFails },
  "rollback_restore_service_of_the_same": {
    args: "rollback --revision 4 --restore service --dry-run",
    world: withGroupThatFails,
  },
  "rollback_settings_of_the_same_images": {
    args: "rollback --revision 3 --pin never",
    world: () => {
      const emulator = tagMoved({ history: [3], revisions: 8 });
      return changed((world) => {
        world.updateService({ service: "myservice", taskDefinition: "myservice:7", ...OTHER_GROUP });
        world.advance(UNTIL_STEADY_MS);
      }, emulator);
    },
  },
  "rollback_restore_service_not_wholly": {
    args: "rollback --revision 3 --restore service",
    world: () => {
      const emulator = withOtherSettings({ monitoring: MONITORING }, { options: { revisionMembersRollOut: false } });
      const setAgain = (world: Emulator) => world.updateService({ service: "myservice", monitoring: MONITORING });
      emulator.inject({ operation: "UpdateService", effect: actAfter(setAgain) });
      return emulator;
    },
  },
  "rollback_restore_service_not_read_again": {
    args: "rollback --revision 3 --restore service --no-wait",
    world: () => {
      const emulator = withOtherSettings();
      emulator.inject({ operation: "DescribeServices", nth: 2, times: Infinity, effect: accessDenied() });
      return emulator;
    },
  },
};

/** A revision that needs more than images, roles and secrets, and what can be gone of it. */
import type { Emulator } from "./emulator.ts";
import type { JsonObject } from "./model.ts";
import { myservice, taskDefinition, UNTIL_STEADY_MS } from "./myservice.ts";

const API_KEY = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:myservice/api_key";
const PARAMETER = "/myservice/token";
const LOG_GROUP = "/ecs/myservice";
const [BUCKET, KEY] = ["configs", "myservice/app.env"];

/** Takes a part of it away. */
const GONE = {
  stage: (emulator: Emulator) => emulator.removeSecretStage("myservice/api_key", "AWSPREVIOUS"),
  file: (emulator: Emulator) => emulator.setObject(BUCKET, KEY, null),
  parameter: (emulator: Emulator) => emulator.setParameter(PARAMETER, null),
  parameterVersion: (emulator: Emulator) => emulator.setParameter(PARAMETER, "2"),
  logGroup: (emulator: Emulator) => emulator.setLogGroup(LOG_GROUP, false),
};

interface NeedingMore {
  /** What is gone. */
  without?: readonly (keyof typeof GONE)[];
  emulator?: Emulator;
  /** What its container runs, where it is not the image of revision 4. */
  image?: string;
}

/** Registers, as revision 5, one that needs an older version of a secret, a parameter, a log group and a file, too. */
export function needingMore({ without = [], emulator = myservice(), image }: NeedingMore = {}): Emulator {
  const { containerDefinitions: [app], ...others } = taskDefinition(4, image) as JsonObject & {
    containerDefinitions: [JsonObject];
  };
  const token = `arn:aws:ssm:ap-northeast-1:123456789012:parameter${PARAMETER}:1`;
  const container = {
    ...app,
    secrets: [{ name: "API_KEY", valueFrom: `${API_KEY}::AWSPREVIOUS:` }, { name: "TOKEN", valueFrom: token }],
    environmentFiles: [{ type: "s3", value: `arn:aws:s3:::${BUCKET}/${KEY}` }],
    logConfiguration: {
      logDriver: "awslogs",
      options: { "awslogs-group": LOG_GROUP, "awslogs-region": "ap-northeast-1", "awslogs-stream-prefix": "app" },
    },
  };
  emulator.setSecret("myservice/api_key", "newer");
  emulator.setParameter(PARAMETER, "1");
  emulator.setObject(BUCKET, KEY, "A=1");
  emulator.setLogGroup(LOG_GROUP);
  emulator.registerTaskDefinition({ ...others, containerDefinitions: [container] });
  for (const what of without) GONE[what](emulator);
  return emulator;
}

/** Revisions 2 and 3 ran, then 5, which needs more, then 4; since then something is gone. */
export function neededMore(...without: readonly (keyof typeof GONE)[]): Emulator {
  const emulator = needingMore({ emulator: myservice({ history: [2, 3] }) });
  for (const taskDefinition of ["myservice:5", "myservice:4"]) {
    emulator.updateService({ service: "myservice", taskDefinition });
    emulator.advance(UNTIL_STEADY_MS);
  }
  for (const what of without) GONE[what](emulator);
  return emulator;
}

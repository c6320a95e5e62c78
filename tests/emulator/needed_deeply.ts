/** A revision whose execution role has to read all that it can, for a service that `verify --deep` looks at. */
import type { Emulator } from "./emulator.ts";
import type { JsonObject } from "./model.ts";
import { myservice, taskDefinition } from "./myservice.ts";

/** Of the user's own. */
export const KEY = "arn:aws:kms:ap-northeast-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";

/** Registers it as revision 5. @param change what there is of it is not as it should be */
export function neededDeeply(change: (emulator: Emulator) => void): Emulator {
  const emulator = myservice();
  const { containerDefinitions: [app], ...others } = taskDefinition(4) as JsonObject & {
    containerDefinitions: [JsonObject];
  };
  emulator.setParameter("/myservice/token", "1", "SecureString");
  emulator.setObject("configs", "myservice/app.env", "A=1");
  emulator.setLogGroup("/ecs/myservice");
  emulator.setKey(KEY, "Enabled", { secrets: ["myservice/database_url"], parameters: ["/myservice/token"] });
  emulator.registerTaskDefinition({
    ...others,
    containerDefinitions: [{
      ...app,
      secrets: [...app.secrets as JsonObject[], { name: "TOKEN", valueFrom: "/myservice/token" }],
      environmentFiles: [{ type: "s3", value: "arn:aws:s3:::configs/myservice/app.env" }],
      logConfiguration: {
        logDriver: "awslogs",
        options: {
          "awslogs-group": "/ecs/myservice",
          "awslogs-region": "ap-northeast-1",
          "awslogs-stream-prefix": "app",
        },
      },
    }],
  });
  change(emulator);
  return emulator;
}

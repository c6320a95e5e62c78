import { serviceDeployment } from "../made_up.ts";
import { assertSaid, BACK, BROKEN, ecspresso, LOG, seen, STILL_LIVE, type Story, WHY } from "./stories.ts";

const CUT_SHORT: Readonly<Record<string, readonly [story: Story, lines: readonly string[]]>> = {
  "a crash loop until the timeout": [
    { happened: BROKEN, outcome: { kind: "timedOut", ordered: "yes", isCrashLooping: true }, exitCode: 7 },
    [
      `error Stopped watching after 2m; ECS keeps trying. Its tasks keep failing: ${WHY}. ${STILL_LIVE}; myservice:5 has 0 ` +
      "of 2 tasks yet.",
      `error first, so that nothing starts myservice:5 again, ${BACK}`,
      `error then: ${LOG}`,
    ],
  ],
  "a hook that nobody has answered until the timeout": [
    {
      happened: [
        seen({}, 2),
        {
          kind: "progress",
          progress: {
            ...{ events: [], deployments: [] },
            serviceDeployment: serviceDeployment({
              ...{ strategy: "BLUE_GREEN", sourceRevisionArns: ["arn:old"] },
              ...{ lifecycleStage: "BAKE_TIME", awaitingHooks: ["hook-1"] },
            }),
          },
        },
      ],
      ...{ outcome: { kind: "timedOut", ordered: "yes" }, exitCode: 7 },
    },
    [
      "error Stopped watching after 2m; ECS keeps trying. It waits at BAKE_TIME until somebody answers. " +
      "myservice:5 is live: its 2 tasks get all production traffic, the 2 of myservice:4 get none.",
      "error to go on: aws ecs continue-service-deployment ",
    ],
  ],
  "a timeout before the order": [
    { outcome: { kind: "timedOut", ordered: "no" }, exitCode: 7 },
    ["error Timed out after 2m: no deployment was started."],
  ],
  "a stop signal": [
    {
      happened: [seen({ runningCount: 0 }, undefined)],
      outcome: { kind: "interrupted", ordered: "yes" },
      exitCode: 130,
    },
    [
      "warn Interrupted: stopped watching; ECS keeps going. NOTHING is live: myservice:5 has 0 of 2 tasks.",
      `warn to follow the deployment: ${ecspresso("wait")}`,
    ],
  ],
  "a second stop signal": [
    {
      happened: [],
      afterwards: [{ kind: "stopSignal", signal: "SIGTERM" }, { kind: "stopSignal", signal: "SIGINT" }],
      exitCode: 130,
    },
    ["warn Stopped at once: ECS goes on with the deploy", `warn to follow the deployment: ${ecspresso("wait")}`],
  ],
  "an error where it is not known whether ECS goes on": [
    {
      happened: [],
      afterwards: [
        { kind: "detached", ordered: "unknown" },
        { kind: "failed", failure: { kind: "usage", message: "no more" } as never, region: undefined },
      ],
      exitCode: 5,
    },
    [
      "error no more",
      "error ECS may have accepted the order, and may be carrying it out",
      `error see what runs now: ${ecspresso("status")}`,
    ],
  ],
  "an error while ECS goes on": [
    {
      happened: [seen({ runningCount: 1 }, 2)],
      afterwards: [
        { kind: "detached", ordered: "yes" },
        { kind: "failed", failure: { kind: "usage", message: "no more" } as never, region: undefined },
      ],
      exitCode: 5,
    },
    [
      "error no more",
      `error ECS goes on with the deploy. ${STILL_LIVE}; myservice:5 has 1 of 2 tasks yet.`,
      `error to follow the deployment: ${ecspresso("wait")}`,
    ],
  ],
};

for (const [about, [story, lines]] of Object.entries(CUT_SHORT)) {
  Deno.test(`closingOf() ${about}`, () => assertSaid(story, lines));
}

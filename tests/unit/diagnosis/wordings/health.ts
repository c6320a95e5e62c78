import type { Wordings } from "../wordings.ts";

const GROUP = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/web/55a4";

export const HEALTH_WORDINGS: readonly Wordings[] = [
  {
    code: "containerUnhealthy",
    texts: [["Task failed container health checks"], [
      "(task 0f6d8a2e3b1c4d5e8f90a1b2c3d4e5f6) failed container health checks.",
    ]],
    what: /failed its container health check/,
    advice: /healthCheck\.command.*startPeriod/,
  },
  {
    code: "targetUnhealthy",
    texts: [
      [`Task failed ELB health checks in (target-group ${GROUP})`, { targetGroup: GROUP }],
      [
        `(task 0f6d8a2e3b1c4d5e8f90a1b2c3d4e5f6) (port 8080) is unhealthy in (target-group ${GROUP}) due to (reason Health checks failed with these codes: [404])`,
        { targetGroup: GROUP, port: 8080, answer: "404" },
      ],
      [
        `(task 0f6d8a2e3b1c4d5e8f90a1b2c3d4e5f6) (port 8080) is unhealthy in (target-group ${GROUP}) due to (reason Request timed out)`,
        { targetGroup: GROUP, port: 8080, answer: "timeout" },
      ],
      [
        "(instance i-0f6d8a2e3b1c4d5e8) is unhealthy in (elb web) due to (reason Instance has failed at least the UnhealthyThreshold number of health checks consecutively.)",
        { targetGroup: "web" },
      ],
    ],
    what: /(?:failed|did not answer|answered) the load balancer's health check/,
    advice: /target group web|0\.0\.0\.0:8080/,
  },
];

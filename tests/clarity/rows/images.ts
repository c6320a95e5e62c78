/** Images that are not there, or not for this machine. */
import { cannotPull } from "../../emulator/behaviours.ts";
import { ROLL_BACK, type Row } from "../row.ts";
import { APP, ENVOY, IMAGE, ON_EC2, REGISTRY } from "../scene.ts";

export const DIGEST = "sha256:9a8b1f2e3d4c5b6a79880f1e2d3c4b5a69788f9e0d1c2b3a49586f7e8d9c0b1a";
const PAGE = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_cannot_pull_image.html";

export const IMAGE_ROWS: readonly Row[] = [
  {
    name: "image: the tag is not in ECR (Fargate)",
    source: PAGE,
    scene: {
      fails: cannotPull(
        `pull image manifest has been retried 1 time(s): failed to resolve ref ${IMAGE}: ${IMAGE}: not found`,
      ),
    },
    expects: {
      code: "imageNotFound",
      container: "app",
      cause: [/image tag 2\.0\.0 of repository myservice/, /not found|not there|does not exist/],
      advice: [/lifecycle policy|pushed/],
      never: [/execution role/, /route to/],
      next: ROLL_BACK,
    },
  },
  {
    name: "image: the tag is not in ECR (EC2)",
    source: "public reports of tasks on instances; the registry's own words",
    scene: {
      ...ON_EC2,
      fails: cannotPull(
        `Error response from daemon: manifest for ${IMAGE} not found: manifest unknown: Requested image not found`,
      ),
    },
    expects: {
      code: "imageNotFound",
      container: "app",
      cause: [/image tag 2\.0\.0 of repository myservice/, /not found|not there|does not exist/],
      never: [/execution role/],
      next: ROLL_BACK,
    },
  },
  {
    name: "image: the digest is gone from ECR",
    source: `${PAGE}, about version consistency`,
    scene: {
      fails: cannotPull(
        "pull image manifest has been retried 5 time(s): failed to resolve ref " +
          `${REGISTRY}/myservice@${DIGEST}: ${REGISTRY}/myservice@${DIGEST}: not found`,
      ),
    },
    expects: {
      code: "imageNotFound",
      container: "app",
      cause: [/sha256:9a8b/, /not found|not there|does not exist/],
      next: ROLL_BACK,
    },
  },
  {
    name: "image: that of a sidecar is not there",
    source: PAGE,
    scene: {
      containers: [APP, ENVOY],
      fails: cannotPull(
        `pull image manifest has been retried 1 time(s): failed to resolve ref ${ENVOY.image}: ${ENVOY.image}: not found`,
        "envoy",
      ),
    },
    expects: {
      code: "imageNotFound",
      container: "envoy",
      cause: [
        /image tag v1\.29\.6\.0-prod of repository public\.ecr\.aws\/appmesh\/aws-appmesh-envoy/,
        /not found|not there|does not exist/,
      ],
      never: [/container app/],
      next: ROLL_BACK,
    },
  },
  {
    name: "image: there is no such repository in ECR",
    source: PAGE,
    scene: { fails: cannotPull(`API error (404): repository ${REGISTRY}/myservice not found`) },
    expects: {
      code: ["repositoryNotFound", "imageNotFound"],
      container: "app",
      cause: [/repository/i, /myservice/, /not found|not there|does not exist/],
      never: [/route to/],
      next: ROLL_BACK,
    },
  },
  {
    name: "image: built for another platform (Fargate)",
    source: "public reports of 2025 (image Manifest does not contain descriptor)",
    scene: {
      fails: cannotPull(
        "pull image manifest has been retried 7 time(s): image Manifest does not contain descriptor matching platform " +
          "'linux/amd64'",
      ),
    },
    expects: {
      code: "imagePlatform",
      container: "app",
      cause: [/linux\/amd64/],
      advice: [/build/, /runtimePlatform|cpuArchitecture/],
      never: [/execution role/, /lifecycle policy/],
      next: ROLL_BACK,
    },
  },
  {
    name: "image: built for another platform (EC2)",
    source: "Docker's words (no matching manifest)",
    scene: {
      ...ON_EC2,
      fails: cannotPull(
        "Error response from daemon: no matching manifest for linux/arm64/v8 in the manifest list entries",
      ),
    },
    expects: {
      code: "imagePlatform",
      container: "app",
      cause: [/linux\/arm64/],
      advice: [/build/],
      never: [/execution role/, /lifecycle policy/],
      next: ROLL_BACK,
    },
  },
  {
    name: "image: no space left on device",
    source: PAGE,
    scene: {
      fails: cannotPull(
        "ref pull has been retried 1 time(s): failed to extract layer sha256:1f2e3d4c: write " +
          "/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots/31/fs/model.bin: no space left on device",
      ),
    },
    expects: {
      code: "diskFull",
      container: "app",
      cause: [/disk|space/],
      advice: [/ephemeralStorage/],
      never: [/execution role/, /lifecycle policy/, /memory/],
      next: ROLL_BACK,
    },
  },
];

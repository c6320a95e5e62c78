/** S3: method and path name the operation, an object's body is the answer's, errors are XML. */
import { type Answer, type EmulatorRequest } from "../exchange.ts";
import { type Protocol, translate } from "./protocol.ts";
import { element, XML_HEAD } from "./xml.ts";

/** `BUCKET.s3.REGION.amazonaws.com` (and older forms), or `BUCKET.localhost`: the bucket is in the host's name. */
const BUCKET_HOST = /^(.+)\.(?:s3[.-].*amazonaws\.com(?:\.cn)?|localhost)(?::\d+)?$/;

/** S3's names for what every service says. */
const WORDS = {
  AccessDeniedException: ["AccessDenied", 403],
  ThrottlingException: ["SlowDown", 503],
  ServerException: ["InternalError", 500],
  ExpiredTokenException: ["ExpiredToken", 400],
  UnrecognizedClientException: ["InvalidAccessKeyId", 403],
  InvalidSignatureException: ["RequestTimeTooSkewed", 403],
  MissingAuthenticationTokenException: ["AccessDenied", 403],
  UnknownOperationException: ["NotImplemented", 501],
} as const;

/** What the methods of HTTP mean for an object. */
const OF_OBJECT: Readonly<Record<string, string>> = { GET: "GetObject", HEAD: "HeadObject" };

export const s3: Protocol = {
  read(request) {
    const { bucket, key } = namedIn(request);
    // Other operations, and all members but these two, are in the query string.
    const query = new URLSearchParams(request.path?.split("?")[1]);
    const isPlain = query.keys().every((name) => name === "x-id");
    const isObject = bucket !== "" && key !== "" && isPlain;
    const isBucket = request.method === "HEAD" && bucket !== "" && key === "" && isPlain;
    const ofObject = isObject ? OF_OBJECT[request.method ?? ""] : undefined;
    return {
      service: "s3",
      operation: ofObject ?? (isBucket ? "HeadBucket" : `${request.method} ${request.path ?? "/"}`),
      members: () => ({ Bucket: bucket, Key: key }),
    };
  },
  answer(operation, { Body: body, ...output }, requestId) {
    if (operation === "HeadBucket") {
      const region = { "x-amz-bucket-region": String(output.BucketRegion) };
      return { status: 200, headers: { ...region, ...requestIds(requestId) }, body: "" };
    }
    return {
      status: 200,
      headers: {
        "content-type": String(output.ContentType),
        etag: String(output.ETag),
        "last-modified": String(output.LastModified),
        ...requestIds(requestId),
      },
      body: String(body ?? ""),
    };
  },
  inOwnWords: (failure) => translate(failure, WORDS),
  refuse({ status, type, message }, requestId): Answer {
    const error = { Code: type, Message: message, RequestId: requestId };
    return {
      status,
      headers: { "content-type": "application/xml", ...requestIds(requestId) },
      body: XML_HEAD + element("Error", error),
    };
  },
};

/**
 * What HEAD is answered has no body, and so no name of an error: "the response contains a generic 400 Bad Request, 403
 * Forbidden, 404 Not Found" (https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html).
 */
export const s3Head: Protocol = {
  ...s3,
  refuse: (failure, requestId) => ({ ...s3.refuse(failure, requestId), body: "" }),
};

/** The bucket and the key that a request names; empty where it names none. */
function namedIn({ path = "/", host = "" }: EmulatorRequest): { bucket: string; key: string } {
  const [resource = ""] = path.slice(1).split("?");
  const inHost = BUCKET_HOST.exec(host)?.[1];
  const slash = resource.indexOf("/");
  const [bucket, key] = inHost !== undefined
    ? [inHost, resource]
    : slash < 0
    ? [resource, ""]
    : [resource.slice(0, slash), resource.slice(slash + 1)];
  return { bucket, key: decode(key) };
}

/** What is not well-formed names nothing. */
function decode(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return "";
  }
}

function requestIds(requestId: string): Record<string, string> {
  return { "x-amz-request-id": requestId, "x-amz-id-2": requestId };
}

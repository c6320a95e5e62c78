/** The errors that the emulated services answer with. */

/** An error answer: `type` becomes `__type`, `status` the HTTP status. */
export class AwsFailure extends Error {
  constructor(readonly type: string, message: string, readonly status = 400) {
    super(message);
  }
}

export const clusterNotFound = () => new AwsFailure("ClusterNotFoundException", "Cluster not found.");
export const serviceNotFound = () => new AwsFailure("ServiceNotFoundException", "Service not found.");
export const serviceNotActive = () => new AwsFailure("ServiceNotActiveException", "Service was not ACTIVE.");
export const clientException = (message: string) => new AwsFailure("ClientException", message);
export const invalidParameter = (message: string) => new AwsFailure("InvalidParameterException", message);
export const validationException = (message: string) => new AwsFailure("ValidationException", message);
export const serializationException = (message: string) => new AwsFailure("SerializationException", message);
export const unknownOperation = (operation: string) =>
  new AwsFailure("UnknownOperationException", `emulator: ${operation} is not supported`);

/** In the words of IAM for an action that no policy allows, or for another reason; who asks is always the same. */
export const notAuthorized = (
  action: string,
  resource: string,
  reason = ` because no identity-based policy allows the ${action} action`,
) =>
  new AwsFailure(
    "AccessDeniedException",
    `User: arn:aws:sts::123456789012:assumed-role/deployer/ci is not authorized to perform: ${action} on resource: ` +
      `${resource}${reason}`,
  );

export { DescribeParametersCommand, GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";

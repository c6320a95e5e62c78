export { DescribeImagesCommand, DescribePullThroughCacheRulesCommand, ECRClient } from "@aws-sdk/client-ecr";

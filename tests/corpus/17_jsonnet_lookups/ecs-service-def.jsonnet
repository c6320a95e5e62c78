local tfstate = std.native('app_tfstate');
{
  networkConfiguration: {
    awsvpcConfiguration: {
      subnets: [subnet.id for subnet in std.objectValues(tfstate('aws_subnet.private'))],
      securityGroups: [group.id for group in tfstate('aws_security_group.app')],
    },
  },
}

local network = import 'network.libsonnet';
{
  desiredCount: std.extVar('count'),
  launchType: 'FARGATE',
  networkConfiguration: network.awsvpc(['subnet-0123456789abcdef0']),
}

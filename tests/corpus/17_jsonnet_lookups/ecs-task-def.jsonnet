local tfstate = std.native('app_tfstate');
{
  family: 'myservice',
  containerDefinitions: [{
    name: 'app',
    image: 'nginx:1.27',
    command: tfstate('output.names') + [tfstate('aws_subnet.private["%s"].id' % 'az-a')],
    stopTimeout: tfstate('data.aws_iam_role.task.max_session_duration') / 60,
  }],
}

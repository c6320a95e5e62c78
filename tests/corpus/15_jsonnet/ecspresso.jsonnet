local env = std.native('env');
{
  region: 'ap-northeast-1',
  cluster: 'default',
  service: 'myservice-' + std.native('must_env')('STAGE'),
  service_definition: 'ecs-service-def.jsonnet',
  task_definition: 'ecs-task-def.jsonnet',
  plugins: std.prune([
    if env('BUCKET_NOT_SET', '') != '' then { name: 'tfstate', config: { path: 'none' } } else null,
  ]),
}

local container = import 'lib/container.libsonnet';
local must_env = std.native('must_env');
{
  family: 'myservice',
  cpu: '256',
  containerDefinitions: [
    container('app', 'nginx:{{ must_env `TAG` }}') { command: ['--stage', must_env('STAGE')] },
    container('sidecar', 'envoy:%s' % must_env('TAG')),
  ],
  volumes: if must_env('STAGE') == 'prod' then null else [],
}

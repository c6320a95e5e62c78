{
  family: 'web',
  cpu: '256',
  memory: '512',
  networkMode: 'awsvpc',
  requiresCompatibilities: ['FARGATE'],
  containerDefinitions: [{
    name: 'app',
    image: 'example/app:' + std.extVar('tag'),
    portMappings: [{ containerPort: port } for port in std.extVar('ports')],
    environment: [{ name: 'URL', value: std.extVar('url') }, { name: 'LEVEL', value: '{{ env `LEVEL` `info` }}' }],
  }],
}

{ family: 'myservice', containerDefinitions: [{ name: 'app', image: 'nginx:' + std.extVar('tag') }] }

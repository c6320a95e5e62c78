local container = import 'lib/container.libsonnet';
{ family: 'myservice', containerDefinitions: [container('')] }

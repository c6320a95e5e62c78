{ service: 'myservice', service_definition: 'ecs-service-def.jsonnet', task_definition: 'ecs-task-def.jsonnet' }

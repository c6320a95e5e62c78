{ desiredCount: 1 + 1, launchType: 'FARGATE' }

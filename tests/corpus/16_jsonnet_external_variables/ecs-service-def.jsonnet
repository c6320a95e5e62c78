{ desiredCount: std.extVar('replicas') }

"""What GitHub accepts in workflow and action files: shapes of nodes, events, schedules, patterns, runners."""

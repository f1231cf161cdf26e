"""Shell scripts run in thought, to tell whether they end in failure."""

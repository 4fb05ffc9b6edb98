"""PostHog's later dataset API ("v2"), on the tables and through the writes of items."""

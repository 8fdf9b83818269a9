"""The same conversation with workers in containers: the only place that knows of Docker."""

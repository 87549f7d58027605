"""The one address for clients: a small proxy that sends each path to the service that owns it."""

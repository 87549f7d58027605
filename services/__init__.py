"""The three services, and what they really share (`services.common`)."""

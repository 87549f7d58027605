"""What all three services really share: edges to Kafka, Postgres and HTTP, settings, logging, lifecycles."""

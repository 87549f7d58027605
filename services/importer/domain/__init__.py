"""The rules of the importer, without Kafka, SQL or HTTP: what a row is worth, and when a draft may be submitted."""

"""The contracts every part of the system shares: facts, their envelope and codec, ids, topics, codes.

Nothing here knows Kafka, HTTP or SQL; services depend on this package and never on one another.
"""

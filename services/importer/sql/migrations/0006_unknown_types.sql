-- Where records of types lie that only a newer version knows (services/common/unknown_types.py).
CREATE TABLE unknown_types (
    topic text NOT NULL,
    partition integer NOT NULL,
    type text NOT NULL,
    first_offset bigint NOT NULL,
    last_offset bigint NOT NULL,
    records bigint NOT NULL,
    first_at timestamptz NOT NULL,
    last_at timestamptz NOT NULL,
    PRIMARY KEY (topic, partition, type)
);

-- One row a project, as its owner last described it; deleted ones stay, with that status.
CREATE TABLE projects (
    project_id uuid PRIMARY KEY,
    revision integer NOT NULL,
    name text NOT NULL,
    slug text NOT NULL,
    kind text NOT NULL,
    status text NOT NULL,
    start_date date,
    end_date date,
    ends_at timestamptz,
    customer_id uuid,
    customer_name text
);

"""The pages at `/docs` and `/docs/events`: plain HTML without a script, made of the two documents."""

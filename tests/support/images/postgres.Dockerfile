ARG BASE
FROM $BASE
COPY opt /opt
COPY postgres-entrypoint /opt/entrypoint
RUN useradd --system postgres && mkdir -p /var/lib/postgresql && chown postgres /var/lib/postgresql && chmod 755 /opt/entrypoint && chmod -R a+rX /opt
USER postgres
EXPOSE 5432
STOPSIGNAL SIGINT
ENTRYPOINT ["/opt/entrypoint"]

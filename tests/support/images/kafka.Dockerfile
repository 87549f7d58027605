ARG BASE
FROM $BASE
COPY jars /opt/kafka/libs
COPY kafka-entrypoint /opt/kafka/entrypoint
RUN useradd --system kafka && mkdir -p /var/lib/kafka && chown kafka /var/lib/kafka && chmod 755 /opt/kafka/entrypoint
USER kafka
EXPOSE 9092
ENTRYPOINT ["/opt/kafka/entrypoint"]

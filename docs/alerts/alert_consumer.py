"""Prints every alert as it is raised, until it is interrupted.

For research use, not a medical device.

Arguments: bootstrap servers and the registry's URL; by default those of a standalone system.
"""

import signal
import sys

from confluent_kafka import Consumer, KafkaException
from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroDeserializer
from confluent_kafka.serialization import MessageField, SerializationContext

TOPIC = "pneumostream.alerts"


def handle(scan_id, alert):
    """Called again for the same alert if this process dies before its offset is committed."""
    if alert is None:
        print(f"{scan_id} erased: forget what was said of it", flush=True)
        return
    print(
        f"{scan_id} abnormal with probability {alert['probabilityAbnormal']:.3f}, "
        f"says {alert['modelName']} version {alert['modelVersion']} at {alert['raisedAt']}; "
        f"warnings: {alert['warnings']}",
        flush=True,
    )


def main(servers="127.0.0.1:9092", registry="http://127.0.0.1:8081/apis/ccompat/v7"):
    decode = AvroDeserializer(SchemaRegistryClient({"url": registry}))
    consumer = Consumer({
        "bootstrap.servers": servers,
        # Alerts that a transaction took back are not shown.
        "isolation.level": "read_committed",
        # A new group begins with the oldest alert there is; offsets are committed once alerts are
        # handled, so that none is lost.
        "group.id": "alert-consumer-example-python",
        "auto.offset.reset": "earliest",
        "enable.auto.commit": False,
    })
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    consumer.subscribe([TOPIC])
    try:
        while True:
            message = consumer.poll(1)
            if message is None:
                continue
            if message.error():
                raise KafkaException(message.error())
            alert = decode(message.value(), SerializationContext(TOPIC, MessageField.VALUE))
            handle(message.key().decode(), alert)
            consumer.commit(message, asynchronous=False)
    except KeyboardInterrupt:
        pass
    finally:
        consumer.close()


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Prints every alert as it is raised, until it is interrupted.

For research use, not a medical device.

Arguments: bootstrap servers and the registry's URL; by default those of a standalone system. Then,
once, where a group without a position starts: earliest or latest.
"""

import signal
import sys

from confluent_kafka import Consumer, KafkaException
from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroDeserializer
from confluent_kafka.serialization import MessageField, SerializationContext

TOPIC = "pneumostream.alerts"
GROUP = "alert-consumer-example-python"


class LostPosition(Exception):
    """The group has no position, and nobody has said where it starts."""


def handle(scan_id, alert):
    """Called again for the same alert if this process dies before its offset is committed."""
    if alert is None:
        print(f"{scan_id} erased: discard its alerts", flush=True)
        return
    print(
        f"{scan_id} abnormal with probability {alert['probabilityAbnormal']:.3f}, "
        f"says {alert['modelName']} version {alert['modelVersion']} at {alert['raisedAt']}; "
        f"warnings: {alert['warnings']}",
        flush=True,
    )


def starter(start):
    """The first start, or the position was lost: it is said where to start, not guessed."""

    def on_assign(consumer, partitions):
        for partition in consumer.committed(partitions):
            if partition.error is not None:
                raise KafkaException(partition.error)
            place = next(p for p in partitions if p.partition == partition.partition)
            if partition.offset >= 0:
                place.offset = partition.offset
            elif start in ("earliest", "latest"):
                first, end = consumer.get_watermark_offsets(place)
                place.offset = first if start == "earliest" else end
                consumer.commit(offsets=[place], asynchronous=False)
            else:
                raise LostPosition(
                    f"group {GROUP} has no position in {TOPIC}-{place.partition}: start it once "
                    "with a third argument, earliest or latest"
                )
        consumer.assign(partitions)

    return on_assign


def main(servers="127.0.0.1:9092", registry="http://127.0.0.1:8081/apis/ccompat/v7", start=""):
    decode = AvroDeserializer(SchemaRegistryClient({"url": registry}))
    consumer = Consumer({
        "bootstrap.servers": servers,
        # Alerts that a transaction took back are not shown.
        "isolation.level": "read_committed",
        # Offsets are committed once alerts are handled, so that none is lost.
        "group.id": GROUP,
        # Kafka forgets the position of a group that was empty for a week: with a default here, all
        # alerts would be handled again, or those meanwhile never.
        "auto.offset.reset": "error",
        "enable.auto.commit": False,
    })
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    consumer.subscribe([TOPIC], on_assign=starter(start))
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
    except LostPosition as lost:
        sys.exit(str(lost))
    finally:
        consumer.close()


if __name__ == "__main__":
    main(*sys.argv[1:])

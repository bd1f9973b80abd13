"""Reads every prediction with Confluent's client and fails unless they are sound."""

from confluent_kafka import Consumer, TopicPartition
from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroDeserializer
from confluent_kafka.serialization import MessageField, SerializationContext

TOPIC = "pneumostream.predictions"

registry = SchemaRegistryClient({"url": "http://127.0.0.1:8081/apis/ccompat/v7"})
decode = AvroDeserializer(registry)
consumer = Consumer({
    "bootstrap.servers": "127.0.0.1:9092",
    "group.id": "stock-client",
    "isolation.level": "read_committed",
    "enable.auto.commit": False,
    "enable.partition.eof": True,
})
partitions = [
    TopicPartition(TOPIC, p, 0) for p in consumer.list_topics(TOPIC, 30).topics[TOPIC].partitions
]
consumer.assign(partitions)

seen, ended = {}, 0
while ended < len(partitions):
    message = consumer.poll(30)
    assert message is not None, "no answer from Kafka"
    if message.error():
        ended += 1
        continue
    prediction = decode(message.value(), SerializationContext(TOPIC, MessageField.VALUE))
    key = (message.key().decode(), prediction["modelVersion"])
    assert key not in seen, f"predicted twice: {key}"
    assert abs(prediction["probabilityAbnormal"] + prediction["probabilityNormal"] - 1) < 1e-9
    seen[key] = prediction
consumer.close()

assert seen, "no predictions"
print(f"confluent-kafka decoded {len(seen)} predictions; one of them:")
print(next(iter(seen.values())))

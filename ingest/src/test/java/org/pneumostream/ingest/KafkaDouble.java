package org.pneumostream.ingest;

import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.pneumostream.schemas.Registry;
import org.pneumostream.schemas.TopicSettings;
import org.pneumostream.schemas.Topics;

/** Kafka's own mock producer, with the real catalogue of topics and an in-memory registry. */
final class KafkaDouble {
  final MockProducer<String, byte[]> producer =
      new MockProducer<>(true, null, new StringSerializer(), new ByteArraySerializer());
  final Topics topics =
      new Topics(new TopicSettings("test.", 1, (short) 1, 16 << 20), Registry.inMemory());

  /** From now on no broker answers. */
  void goAway() {
    producer.sendException =
        new org.apache.kafka.common.errors.TimeoutException("no broker within 1000 ms");
  }

  void comeBack() {
    producer.sendException = null;
  }
}

package org.pneumostream.standalone;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.pneumostream.runtime.KafkaConnection;
import org.pneumostream.schemas.KafkaAnswer;
import org.pneumostream.schemas.Topic;

/**
 * Makes the single broker flush scans and labels to disk before it acknowledges them. Kafka leaves
 * that to the operating system and relies on other brokers after a power cut; here there are none.
 * Derived records can be made again.
 */
final class FlushedPushes {
  private static final AlterConfigOp FLUSH_EACH =
      new AlterConfigOp(
          new ConfigEntry(TopicConfig.FLUSH_MESSAGES_INTERVAL_CONFIG, "1"),
          AlterConfigOp.OpType.SET);

  private FlushedPushes() {}

  /** Changes the settings of the topics, which must exist. */
  static void set(KafkaConnection kafka) {
    Map<ConfigResource, Collection<AlterConfigOp>> changes = new HashMap<>();
    for (Topic<?> topic : List.of(kafka.topics().scans(), kafka.topics().labels())) {
      changes.put(new ConfigResource(ConfigResource.Type.TOPIC, topic.name()), List.of(FLUSH_EACH));
    }
    try (Admin admin = kafka.admin()) {
      KafkaAnswer.of(admin.incrementalAlterConfigs(changes).all(), "cannot change topics");
    }
  }
}

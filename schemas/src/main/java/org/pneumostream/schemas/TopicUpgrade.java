package org.pneumostream.schemas;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Raises existing topics to what the catalogue needs: room for larger records, faster removal of
 * erased bytes, and tombstones that stay longer. It never lowers a setting, so that services with
 * different settings do not undo each other's changes. It does not touch retention times, which an
 * operator may have changed.
 */
public final class TopicUpgrade {
  private static final Logger log = LoggerFactory.getLogger(TopicUpgrade.class);

  /** Tells, by setting, whether a topic's value (first) falls short of the wanted one (second). */
  private static final Map<String, BiPredicate<Long, Long>> FALLS_SHORT =
      Map.of(
          TopicConfig.MAX_MESSAGE_BYTES_CONFIG, (is, wanted) -> is < wanted,
          TopicConfig.DELETE_RETENTION_MS_CONFIG, (is, wanted) -> is < wanted,
          TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG, (is, wanted) -> is > wanted);

  private final Admin admin;
  private final String bootstrapServers;

  /**
   * @param bootstrapServers for the command in the warning
   */
  public TopicUpgrade(Admin admin, String bootstrapServers) {
    this.admin = admin;
    this.bootstrapServers = bootstrapServers;
  }

  /**
   * Raises settings that fall short. If the brokers refuse, it logs a warning with the command to
   * run. It skips topics whose settings this client may not see.
   *
   * @param wanted settings by topic
   */
  public void apply(Map<String, Map<String, String>> wanted) {
    Map<ConfigResource, KafkaFuture<Config>> described =
        admin
            .describeConfigs(wanted.keySet().stream().map(TopicUpgrade::resource).toList())
            .values();
    wanted.forEach(
        (name, settings) -> {
          Map<String, String> changes =
              changes(Objects.requireNonNull(described.get(resource(name))), settings);
          if (!changes.isEmpty()) {
            change(name, changes);
          }
        });
  }

  private static Map<String, String> changes(
      KafkaFuture<Config> described, Map<String, String> wanted) {
    Map<String, String> changes = new TreeMap<>();
    try {
      Config config = KafkaAnswer.of(described, "cannot read a topic's settings");
      FALLS_SHORT.forEach(
          (key, fallsShort) -> {
            String value = wanted.get(key);
            if (value != null
                && fallsShort.test(
                    Long.parseLong(config.get(key).value()), Long.parseLong(value))) {
              changes.put(key, value);
            }
          });
    } catch (KafkaException e) {
      if (!(e.getCause() instanceof AuthorizationException)
          && !(e.getCause() instanceof UnknownTopicOrPartitionException)) {
        throw e;
      }
    }
    return changes;
  }

  private void change(String name, Map<String, String> changes) {
    List<AlterConfigOp> operations = new ArrayList<>();
    changes.forEach(
        (key, value) ->
            operations.add(
                new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET)));
    String list =
        changes.entrySet().stream()
            .map(change -> change.getKey() + "=" + change.getValue())
            .collect(Collectors.joining(","));
    try {
      admin.incrementalAlterConfigs(Map.of(resource(name), operations)).all().get();
      log.info("topic {}: settings raised to {}", name, list);
    } catch (ExecutionException e) {
      log.warn(
          "topic {}: cannot change its settings ({}); have an administrator run: {}",
          name,
          e.getCause().getMessage(),
          command(name, list));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptException(e);
    }
  }

  /** The command for Kafka's own tools that makes the same change. */
  private String command(String name, String changes) {
    return "kafka-configs.sh --bootstrap-server %s --alter --entity-type topics --entity-name %s"
            .formatted(bootstrapServers, name)
        + " --add-config "
        + changes;
  }

  private static ConfigResource resource(String topic) {
    return new ConfigResource(ConfigResource.Type.TOPIC, topic);
  }
}

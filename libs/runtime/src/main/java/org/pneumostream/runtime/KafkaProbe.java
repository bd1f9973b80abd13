package org.pneumostream.runtime;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.pneumostream.schemas.Topic;

/**
 * Checks whether the brokers let a service read and write its topics: they answer, each partition
 * has a leader, and topics to write have enough replicas in sync. It skips what only a login with
 * more rights could see.
 */
public final class KafkaProbe implements AutoCloseable {
  private static final int TIMEOUT_MS = 5_000;

  private final KafkaConnection kafka;
  private final Admin admin;
  private final Set<String> read;
  private final Set<String> written;
  private final Probe probe;

  /** Topics to write whose settings this login may see; used by the probe's thread only. */
  private final Set<String> told;

  private KafkaProbe(KafkaConnection kafka, List<Topic<?>> read, List<Topic<?>> written) {
    this.kafka = kafka;
    this.admin = kafka.admin();
    this.read = names(read);
    this.written = names(written);
    this.told = new HashSet<>(this.written);
    this.probe = Probe.start("Kafka", this::look);
  }

  /**
   * Starts the probe.
   *
   * @param read topics that the service reads
   * @param written topics that it writes
   */
  public static KafkaProbe start(
      KafkaConnection kafka, List<Topic<?>> read, List<Topic<?>> written) {
    return new KafkaProbe(kafka, read, written);
  }

  /** What keeps the service from its topics; empty if nothing does. */
  public String problem() {
    return probe.problem();
  }

  @Override
  public void close() {
    probe.close();
    admin.close(Duration.ZERO);
  }

  private String look() throws InterruptedException {
    try {
      Map<String, Integer> least = leastInSync();
      return topics().values().stream()
          .flatMap(topic -> problem(topic, least.getOrDefault(topic.name(), 0)))
          .collect(Collectors.joining("; "));
    } catch (ExecutionException e) {
      throw e.getCause() instanceof TimeoutException
          ? kafka.unreached(e.getCause())
          : new KafkaException(e.getCause().getMessage(), e.getCause());
    }
  }

  private Map<String, TopicDescription> topics() throws ExecutionException, InterruptedException {
    List<String> names = Stream.concat(read.stream(), written.stream()).distinct().toList();
    return admin
        .describeTopics(names, new DescribeTopicsOptions().timeoutMs(TIMEOUT_MS))
        .allTopicNames()
        .get();
  }

  private static Stream<String> problem(TopicDescription topic, int leastInSync) {
    for (TopicPartitionInfo partition : topic.partitions()) {
      if (partition.leader() == null) {
        return Stream.of(
            "topic %s: partition %d has no leader".formatted(topic.name(), partition.partition()));
      }
      int inSync = partition.isr().size();
      if (inSync < leastInSync) {
        return Stream.of(
            "topic %s: %d replica%s in sync, min.insync.replicas=%d"
                .formatted(topic.name(), inSync, inSync == 1 ? "" : "s", leastInSync));
      }
    }
    return Stream.empty();
  }

  /** By topic, without topics that this login may not describe. */
  private Map<String, Integer> leastInSync() throws ExecutionException, InterruptedException {
    Map<String, Integer> least = new HashMap<>();
    Collection<ConfigResource> resources =
        told.stream().map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name)).toList();
    for (var answer :
        admin
            .describeConfigs(resources, new DescribeConfigsOptions().timeoutMs(TIMEOUT_MS))
            .values()
            .entrySet()) {
      String topic = answer.getKey().name();
      try {
        String value = answer.getValue().get().get(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG).value();
        least.put(topic, Integer.valueOf(value));
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof AuthorizationException)) {
          throw e;
        }
        told.remove(topic);
      }
    }
    return least;
  }

  private static Set<String> names(List<Topic<?>> topics) {
    return topics.stream().map(Topic::name).collect(Collectors.toUnmodifiableSet());
  }
}

import io.confluent.kafka.serializers.KafkaAvroDeserializer;
import io.confluent.kafka.serializers.KafkaAvroDeserializerConfig;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Prints every alert as it is raised, until it is interrupted. For research use, not a medical
 * device.
 *
 * <p>Arguments: bootstrap servers and the registry's URL; by default those of a standalone system.
 * Then, once, where a group without a position starts: {@code earliest} or {@code latest}.
 */
public final class AlertConsumer {
  private static final String TOPIC = "pneumostream.alerts";

  public static void main(String[] arguments) {
    Properties settings = new Properties();
    settings.put(
        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
        arguments.length > 0 ? arguments[0] : "127.0.0.1:9092");
    settings.put(
        KafkaAvroDeserializerConfig.SCHEMA_REGISTRY_URL_CONFIG,
        arguments.length > 1 ? arguments[1] : "http://127.0.0.1:8081/apis/ccompat/v7");
    settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, StringDeserializer.class);
    settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, KafkaAvroDeserializer.class);
    // Times as java.time.Instant.
    settings.put(KafkaAvroDeserializerConfig.AVRO_USE_LOGICAL_TYPE_CONVERTERS_CONFIG, true);
    // Alerts that a transaction took back are not shown.
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    // Offsets are committed once alerts are handled, so that none is lost.
    settings.put(ConsumerConfig.GROUP_ID_CONFIG, "alert-consumer-example");
    // Kafka forgets the position of a group that was empty for a week: with a default here, all
    // alerts would be handled again, or those meanwhile never.
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);

    KafkaConsumer<String, GenericRecord> consumer = new KafkaConsumer<>(settings);
    Thread main = Thread.currentThread();
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  consumer.wakeup();
                  try {
                    main.join();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                }));
    try (consumer) {
      consumer.subscribe(List.of(TOPIC));
      while (true) {
        try {
          for (var record : consumer.poll(Duration.ofSeconds(1))) {
            handle(record.key(), record.value());
          }
          consumer.commitSync();
        } catch (NoOffsetForPartitionException e) {
          start(e.partitions(), arguments.length > 2 ? arguments[2] : "", consumer);
        }
      }
    } catch (WakeupException e) {
      // Interrupted.
    }
  }

  /** The first start, or the position was lost: it is said where to start, not guessed. */
  private static void start(
      Set<TopicPartition> partitions, String from, KafkaConsumer<String, GenericRecord> consumer) {
    switch (from) {
      case "earliest" -> consumer.seekToBeginning(partitions);
      case "latest" -> consumer.seekToEnd(partitions);
      default ->
          throw new IllegalStateException(
              "group alert-consumer-example has no position in "
                  + partitions
                  + ": start it once with a third argument, earliest or latest");
    }
    partitions.forEach(consumer::position);
    consumer.commitSync();
  }

  /** Called again for the same alert if this process dies before its offset is committed. */
  private static void handle(String scanId, GenericRecord alert) {
    if (alert == null) {
      System.out.printf("%s erased: discard its alerts%n", scanId);
      return;
    }
    System.out.printf(
        "%s abnormal with probability %.3f, says %s version %s at %s; warnings: %s%n",
        scanId,
        (Double) alert.get("probabilityAbnormal"),
        alert.get("modelName"),
        alert.get("modelVersion"),
        alert.get("raisedAt"),
        alert.get("warnings"));
  }
}

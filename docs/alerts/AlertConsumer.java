import io.confluent.kafka.serializers.KafkaAvroDeserializer;
import io.confluent.kafka.serializers.KafkaAvroDeserializerConfig;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Prints every alert as it is raised, until it is interrupted. For research use, not a medical
 * device.
 *
 * <p>Arguments: bootstrap servers and the registry's URL; by default those of a standalone system.
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
    // A new group begins with the oldest alert there is; offsets are committed once alerts are
    // handled, so that none is lost.
    settings.put(ConsumerConfig.GROUP_ID_CONFIG, "alert-consumer-example");
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
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
        for (ConsumerRecord<String, GenericRecord> record : consumer.poll(Duration.ofSeconds(1))) {
          handle(record.key(), record.value());
        }
        consumer.commitSync();
      }
    } catch (WakeupException e) {
      // Interrupted.
    }
  }

  /** Called again for the same alert if this process dies before its offset is committed. */
  private static void handle(String scanId, GenericRecord alert) {
    if (alert == null) {
      System.out.printf("%s erased: forget what was said of it%n", scanId);
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

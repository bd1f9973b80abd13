package org.pneumostream.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.Uuid;

/**
 * Apache Kafka itself, one KRaft node, in a child JVM, since a broker ends its whole process on a
 * fatal fault. Its data survives restarts, whatever its ports.
 */
public final class EmbeddedKafka implements AutoCloseable {
  static final String NAME = "kafka";

  private static final Duration START_TIMEOUT = Duration.ofSeconds(90);

  private final ChildProcess process;
  private final String bootstrapServers;

  private EmbeddedKafka(ChildProcess process, String bootstrapServers) {
    this.process = process;
    this.bootstrapServers = bootstrapServers;
  }

  /** Starts a broker; {@link #awaitReady} waits for it. */
  public static EmbeddedKafka start(DataDirectory data, int port) {
    return start(data, port, Map.of());
  }

  /**
   * Starts a broker.
   *
   * @param more settings of the broker that add to or override ours
   */
  public static EmbeddedKafka start(DataDirectory data, int port, Map<String, String> more) {
    String bootstrapServers = "127.0.0.1:" + FreePort.check("kafka-port", port);
    Path logs = data.resolve("kafka");
    Path file = data.resolve("kafka.properties");
    Properties properties = new Properties();
    properties.putAll(properties(logs, "PLAINTEXT", bootstrapServers));
    properties.putAll(more);
    write(file, properties);
    if (!Files.exists(logs.resolve("meta.properties"))) {
      ChildProcess.runToEnd(
          "kafka-format",
          data,
          java(
              "kafka.tools.StorageTool",
              "format",
              "-t",
              Uuid.randomUuid().toString(),
              "-c",
              file.toString()));
    }
    return new EmbeddedKafka(
        ChildProcess.start(NAME, data, Map.of(), java("kafka.Kafka", file.toString())),
        bootstrapServers);
  }

  /** Waits until the broker accepts requests. */
  public EmbeddedKafka awaitReady() {
    awaitReady(process, Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers), 1);
    return this;
  }

  /**
   * Waits until brokers accept requests.
   *
   * @param process one of them
   * @param client settings with which an admin client reaches them
   * @param brokers expected number of brokers
   */
  public static void awaitReady(ChildProcess process, Map<String, ?> client, int brokers) {
    Map<String, Object> impatient = new HashMap<>(client);
    // Checks between two requests whether the process has ended.
    impatient.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 2000);
    impatient.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 2000);
    try (Admin admin = Admin.create(impatient)) {
      process.awaitReady(() -> nodes(admin) == brokers, START_TIMEOUT);
    }
  }

  public String bootstrapServers() {
    return bootstrapServers;
  }

  /** Completes when the broker's process has ended. */
  public CompletableFuture<Void> ended() {
    return process.ended();
  }

  @Override
  public void close() {
    process.close();
  }

  private static int nodes(Admin admin) {
    try {
      return admin.describeCluster().nodes().get().size();
    } catch (ExecutionException e) {
      return 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 0;
    }
  }

  /** Arguments of {@code java} to run one of Kafka's main classes. */
  public static List<String> java(String main, String... arguments) {
    var command =
        new ArrayList<>(
            List.of(
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                main));
    command.addAll(List.of(arguments));
    return command;
  }

  /**
   * Settings of a broker that is its own controller, on a free port.
   *
   * @param listener name of the listener for clients
   * @param address address of that listener
   */
  public static Map<String, String> properties(Path logs, String listener, String address) {
    String controller = "127.0.0.1:" + FreePort.check("controller-port", 0);
    Map<String, String> properties = new HashMap<>();
    properties.putAll(
        Map.of(
            "process.roles", "broker,controller",
            "node.id", "1",
            // A static voter, so that ports may change between runs.
            "controller.quorum.voters", "1@" + controller,
            "controller.listener.names", "CONTROLLER",
            "listeners", listener + "://" + address + ",CONTROLLER://" + controller,
            "log.dirs", logs.toString(),
            "auto.create.topics.enable", "false",
            // A restart after a kill waits for the end of the old session.
            "broker.session.timeout.ms", "2000",
            "broker.heartbeat.interval.ms", "500"));
    properties.putAll(
        Map.of(
            "offsets.topic.replication.factor", "1",
            "offsets.topic.num.partitions", "4",
            "transaction.state.log.replication.factor", "1",
            "transaction.state.log.min.isr", "1",
            "transaction.state.log.num.partitions", "4",
            "share.coordinator.state.topic.replication.factor", "1",
            "share.coordinator.state.topic.min.isr", "1",
            "group.initial.rebalance.delay.ms", "0",
            // As long as predictions are kept, and longer than services are down.
            "offsets.retention.minutes", Long.toString(Duration.ofDays(90).toMinutes()),
            // Saves 128 MB of heap.
            "log.cleaner.dedupe.buffer.size", "4194304"));
    return properties;
  }

  private static void write(Path file, Properties properties) {
    try (Writer writer = Files.newBufferedWriter(file)) {
      properties.store(writer, "Rewritten at every start.");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

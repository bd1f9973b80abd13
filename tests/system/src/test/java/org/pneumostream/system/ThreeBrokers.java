package org.pneumostream.system;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.Uuid;
import org.pneumostream.standalone.ChildProcess;
import org.pneumostream.standalone.DataDirectory;
import org.pneumostream.standalone.EmbeddedKafka;
import org.pneumostream.standalone.EmbeddedRegistry;
import org.pneumostream.standalone.FreePort;

/**
 * Three brokers in separate processes, with three replicas and two required in sync, and a
 * registry.
 */
final class ThreeBrokers implements AutoCloseable {
  private static final int BROKERS = 3;
  private static final String CLUSTER = Uuid.randomUuid().toString();

  private final DataDirectory data;
  private final EmbeddedRegistry registry;
  private final Map<Integer, ChildProcess> brokers = new HashMap<>();
  private final List<Integer> ports;
  private final List<Integer> controllerPorts;

  ThreeBrokers(Path directory) throws IOException {
    List<Integer> free =
        Stream.generate(() -> FreePort.check("port", 0)).distinct().limit(2 * BROKERS).toList();
    ports = free.subList(0, BROKERS);
    controllerPorts = free.subList(BROKERS, 2 * BROKERS);
    data = DataDirectory.hold(directory);
    registry = EmbeddedRegistry.start(data, 0);
    for (int id = 1; id <= BROKERS; id++) {
      start(id);
    }
    registry.awaitReady();
    EmbeddedKafka.awaitReady(brokers.get(1), client(), BROKERS);
  }

  String bootstrapServers() {
    return ports.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));
  }

  String registryUrl() {
    return registry.url();
  }

  Admin admin() {
    return Admin.create(client());
  }

  private Map<String, Object> client() {
    return Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers());
  }

  /** Kills a broker, like a power cut. */
  void kill(int id) {
    ProcessHandle process = ProcessHandle.of(brokers.get(id).pid()).orElseThrow();
    process.destroyForcibly();
    process.onExit().join();
  }

  @Override
  public void close() {
    brokers.values().forEach(ChildProcess::close);
    registry.close();
    data.close();
  }

  private void start(int id) throws IOException {
    Path file = data.resolve("broker-" + id + ".properties");
    try (Writer writer = Files.newBufferedWriter(file)) {
      properties(id).store(writer, null);
    }
    ChildProcess.runToEnd(
        "format-" + id,
        data,
        EmbeddedKafka.java(
            "kafka.tools.StorageTool", "format", "-t", CLUSTER, "-c", file.toString()));
    brokers.put(
        id,
        ChildProcess.start(
            "broker-" + id, data, Map.of(), EmbeddedKafka.java("kafka.Kafka", file.toString())));
  }

  private Properties properties(int id) {
    int port = ports.get(id - 1);
    int controllerPort = controllerPorts.get(id - 1);
    String voters =
        IntStream.rangeClosed(1, BROKERS)
            .mapToObj(voter -> voter + "@127.0.0.1:" + controllerPorts.get(voter - 1))
            .collect(Collectors.joining(","));
    Properties properties = new Properties();
    properties.putAll(
        Map.of(
            "process.roles", "broker,controller",
            "node.id", Integer.toString(id),
            "controller.quorum.voters", voters,
            "controller.listener.names", "CONTROLLER",
            "listeners",
                "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort,
            "log.dirs", data.resolve("broker-" + id).toString(),
            "default.replication.factor", "3",
            "min.insync.replicas", "2",
            "offsets.topic.num.partitions", "4",
            "transaction.state.log.num.partitions", "4"));
    properties.putAll(
        Map.of(
            "auto.create.topics.enable", "false",
            "broker.session.timeout.ms", "3000",
            "broker.heartbeat.interval.ms", "500",
            "group.initial.rebalance.delay.ms", "0",
            "log.cleaner.dedupe.buffer.size", "4194304"));
    return properties;
  }
}

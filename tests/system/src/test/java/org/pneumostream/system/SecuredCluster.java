package org.pneumostream.system;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import org.apache.kafka.common.Uuid;
import org.pneumostream.standalone.ChildProcess;
import org.pneumostream.standalone.DataDirectory;
import org.pneumostream.standalone.EmbeddedKafka;
import org.pneumostream.standalone.EmbeddedRegistry;
import org.pneumostream.standalone.FreePort;

/**
 * A broker that requires logins and ACLs, and a registry behind TLS and its own login, both set up
 * as in docs/security.md.
 */
final class SecuredCluster implements AutoCloseable {
  /** Differs from the default, so that a hard-coded prefix would show. */
  static final String PREFIX = "secured.";

  /** Closed last to first. */
  private final Deque<AutoCloseable> open = new ArrayDeque<>();

  private final DataDirectory data;
  private final String registryLogin = "pneumostream:" + Uuid.randomUuid();
  private SecurityGuide guide;

  SecuredCluster(Path directory) throws Exception {
    data = DataDirectory.hold(directory);
    open.push(data);
    try {
      start();
    } catch (Exception | AssertionError e) {
      close();
      throw e;
    }
  }

  private void start() throws Exception {
    EmbeddedRegistry registry = EmbeddedRegistry.start(data, 0);
    open.push(registry);
    int gatePort = FreePort.check("port", 0);
    String bootstrapServers = "127.0.0.1:" + FreePort.check("port", 0);
    Path folder = Files.createDirectories(data.resolve("secured"));
    Path loginFile = Files.writeString(folder.resolve("registry.login"), registryLogin);
    guide =
        SecurityGuide.read(
            folder,
            Map.of(
                "BROKERS",
                bootstrapServers,
                "BROKER_NAMES",
                "ip:127.0.0.1",
                "CLUSTER_ID",
                Uuid.randomUuid().toString(),
                "REGISTRY",
                "https://127.0.0.1:" + gatePort + "/apis/ccompat/v7",
                "REGISTRY_LOGIN",
                loginFile.toString(),
                "PREFIX",
                PREFIX,
                "MODEL",
                "pneumonia"));
    startBroker(bootstrapServers);
    registry.awaitReady();
    open.push(
        new RegistryGate(
            gatePort,
            "http://" + URI.create(registry.url()).getAuthority(),
            registryLogin,
            guide.file("kafka.p12"),
            Files.readString(guide.file("store.password"))));
    guide.setUp();
  }

  private void startBroker(String listener) throws Exception {
    Properties properties = load(guide.file("secured.properties"));
    properties.putAll(EmbeddedKafka.properties(data.resolve("kafka"), "SASL_SSL", listener));
    Path file = guide.file("server.properties");
    try (Writer writer = Files.newBufferedWriter(file)) {
      properties.store(writer, null);
    }
    guide.format();
    ChildProcess broker =
        ChildProcess.start(
            "kafka", data, Map.of(), EmbeddedKafka.java("kafka.Kafka", file.toString()));
    open.push(broker);
    Map<String, Object> client = new HashMap<>(client("admin"));
    client.put("bootstrap.servers", listener);
    EmbeddedKafka.awaitReady(broker, client, 1);
  }

  SecurityGuide guide() {
    return guide;
  }

  /** The settings file of a login. */
  Path settingsFile(String login) {
    return guide.file(login + ".properties");
  }

  /** The content of its settings file. */
  Map<String, String> settings(String login) {
    return map(settingsFile(login));
  }

  /** Settings of a login's Kafka clients. */
  Map<String, String> client(String login) {
    return map(guide.file(login + ".client"));
  }

  String registryLogin() {
    return registryLogin;
  }

  /** Output of broker and registry. */
  String logs() throws IOException {
    Path logs = data.resolve("logs");
    return Files.readString(logs.resolve("kafka.log"))
        + Files.readString(logs.resolve("registry.log"));
  }

  private static Map<String, String> map(Path file) {
    try {
      Properties properties = load(file);
      return properties.stringPropertyNames().stream()
          .collect(Collectors.toMap(key -> key, properties::getProperty));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Properties load(Path file) throws IOException {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    }
    return properties;
  }

  @Override
  public void close() throws Exception {
    while (!open.isEmpty()) {
      open.pop().close();
    }
  }
}

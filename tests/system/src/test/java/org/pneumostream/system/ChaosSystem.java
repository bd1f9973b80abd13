package org.pneumostream.system;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.pneumostream.cli.Pneumostream;
import org.pneumostream.settings.SettingException;
import org.pneumostream.standalone.ChildProcess;
import org.pneumostream.standalone.DataDirectory;
import org.pneumostream.standalone.EmbeddedKafka;
import org.pneumostream.standalone.EmbeddedRegistry;
import org.pneumostream.standalone.FreePort;
import org.pneumostream.support.CuttableLink;
import org.pneumostream.volume.InputShape;

/**
 * The whole system, with every part in a supervised process: broker, registry, ingest,
 * preprocess-stream, two scorers, trainer. The second scorer connects to the broker by a
 * {@linkplain CuttableLink link}. The scan store has its own {@linkplain LoopDisk disk} if one can
 * be mounted.
 */
final class ChaosSystem implements AutoCloseable {
  /** Small phantoms are inline in their records, larger ones go through the store. */
  private static final int INLINE_MAX_BYTES = 200_000;

  private static final long DISK_BYTES = 96 << 20;

  /**
   * Outside the ephemeral ports, so that no client's connection takes one while a server is down.
   */
  private static final int FIRST_PORT = 20_000;

  private final DataDirectory data;
  private final Path store;
  private final Ports ports = new Ports();
  private final int kafkaPort = ports.next();
  private final int registryPort = ports.next();
  private final int linkPort = ports.next();
  private final HttpClient http = HttpClient.newHttpClient();
  private final Map<String, Supervised> processes = new LinkedHashMap<>();

  /** Ports of the services that hold arrays of the engine, by the names of the processes. */
  private final Map<String, String> enginePorts = new TreeMap<>();

  private final Map<String, String> settings = new HashMap<>();
  private final CuttableLink link;
  private final Optional<LoopDisk> disk;

  /**
   * Starts everything.
   *
   * @param directory for all files
   * @param more settings of the services
   * @param tell receives messages about the progress
   */
  ChaosSystem(Path directory, Map<String, String> more, Consumer<String> tell) throws IOException {
    data = DataDirectory.hold(directory);
    store = scanStore(data.path());
    disk = LoopDisk.mount(data.resolve("disk.img"), store, DISK_BYTES);
    int detour = ports.next();
    link = new CuttableLink(linkPort, detour);
    settings.putAll(
        Map.of(
            "bootstrap-servers",
            "127.0.0.1:" + kafkaPort,
            "schema-registry-url",
            "http://127.0.0.1:" + registryPort + "/apis/ccompat/v7",
            "data-dir",
            data.resolve("services").toString(),
            "input-shape",
            InputShape.SMALL.toString(),
            "inline-max-bytes",
            Integer.toString(INLINE_MAX_BYTES),
            // So that the disk itself fills up.
            "scan-store-min-free",
            "0"));
    settings.putAll(more);
    for (String service : List.of("ingest", "preprocess-stream", "scorer", "trainer")) {
      settings.put(service + "-port", Integer.toString(ports.next()));
    }
    Map<String, String> broker = broker(detour, ports.next());
    try {
      supervise("registry", tell, () -> EmbeddedRegistry.start(data, registryPort).awaitReady());
      supervise("kafka", tell, () -> EmbeddedKafka.start(data, kafkaPort, broker).awaitReady());
      service("ingest", "ingest", Map.of(), tell);
      service("preprocess-stream", "preprocess-stream", Map.of(), tell);
      service("scorer-1", "scorer", Map.of(), tell);
      service("scorer-2", "scorer", byTheLink(ports.next()), tell);
      service("trainer", "trainer", Map.of(), tell);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Topics, models and settings of the system; starts nothing. */
  RunningSystem client() {
    Map<String, String> all = new HashMap<>(settings);
    return new RunningSystem(
        all.remove("bootstrap-servers"),
        all.remove("schema-registry-url"),
        "pneumostream.",
        Path.of(all.remove("data-dir")),
        all);
  }

  Supervised process(String name) {
    return processes.get(name);
  }

  Map<String, Supervised> processes() {
    return processes;
  }

  /**
   * Number of arrays that the engine of each scorer and of the trainer holds.
   *
   * @throws IOException if one does not answer
   */
  Map<String, Long> engineArrays() throws IOException, InterruptedException {
    Map<String, Long> arrays = new TreeMap<>();
    for (Map.Entry<String, String> port : enginePorts.entrySet()) {
      URI metrics = URI.create("http://127.0.0.1:" + port.getValue() + "/metrics");
      String text =
          http.send(HttpRequest.newBuilder(metrics).build(), BodyHandlers.ofString()).body();
      arrays.put(port.getKey(), (long) Scrape.of(text).sum("pneumostream_engine_arrays", ""));
    }
    return arrays;
  }

  CuttableLink link() {
    return link;
  }

  /** The scan store's disk; empty if none can be mounted. */
  Optional<LoopDisk> disk() {
    return disk;
  }

  /** Location of the scan store. */
  Path scanStore() {
    return store;
  }

  /** Location of the scan store of a system in a directory. */
  static Path scanStore(Path directory) {
    return directory.resolve("services").resolve("scan-store");
  }

  Path logs() {
    return data.resolve("logs");
  }

  @Override
  public void close() throws IOException {
    processes.values().stream()
        .map(process -> CompletableFuture.runAsync(process::close))
        .toList()
        .forEach(CompletableFuture::join);
    link.close();
    if (disk.isPresent()) {
      disk.get().close();
    }
    data.close();
  }

  private void supervise(String name, Consumer<String> tell, Runnable start) {
    processes.put(name, new Supervised(name, data.resolve(name + ".pid"), start, tell));
  }

  private void service(
      String name, String command, Map<String, String> differently, Consumer<String> tell) {
    Map<String, String> all = new HashMap<>(settings);
    all.putAll(differently);
    if (command.equals("scorer") || command.equals("trainer")) {
      enginePorts.put(name, all.get(command + "-port"));
    }
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "-Xmx256m",
                "-XX:MaxDirectMemorySize=256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Pneumostream.class.getName(),
                command));
    all.forEach((key, value) -> arguments.addAll(List.of("--set", key + "=" + value)));
    Map<String, String> allocator =
        System.getenv().entrySet().stream()
            .filter(variable -> variable.getKey().startsWith("MALLOC_"))
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    supervise(name, tell, () -> ChildProcess.start(name, data, allocator, arguments));
  }

  private Map<String, String> byTheLink(int port) {
    return Map.of(
        "bootstrap-servers", "127.0.0.1:" + linkPort, "scorer-port", Integer.toString(port));
  }

  /** A second listener, which directs its clients to the link. */
  private Map<String, String> broker(int detour, int controller) {
    return Map.of(
        "listeners",
        "PLAINTEXT://127.0.0.1:%d,DETOUR://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d"
            .formatted(kafkaPort, detour, controller),
        "advertised.listeners",
        "PLAINTEXT://127.0.0.1:%d,DETOUR://127.0.0.1:%d".formatted(kafkaPort, linkPort),
        "listener.security.protocol.map",
        "PLAINTEXT:PLAINTEXT,DETOUR:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "inter.broker.listener.name",
        "PLAINTEXT",
        "controller.quorum.voters",
        "1@127.0.0.1:" + controller);
  }

  /** Free ports outside the ephemeral ones. */
  private static final class Ports {
    private int last = FIRST_PORT + (int) (ProcessHandle.current().pid() % 10_000);

    int next() {
      while (true) {
        last++;
        try {
          return FreePort.check("port", last);
        } catch (SettingException e) {
          // Tries the next port.
        }
      }
    }
  }
}

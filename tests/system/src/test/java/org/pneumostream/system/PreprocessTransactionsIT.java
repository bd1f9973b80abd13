package org.pneumostream.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pneumostream.cli.Pneumostream;
import org.pneumostream.jnifti.Datatype;
import org.pneumostream.jnifti.NiftiHeader;
import org.pneumostream.jnifti.NiftiWriter;
import org.pneumostream.preprocess.PreprocessService;
import org.pneumostream.runtime.KafkaSettings;
import org.pneumostream.schemas.Volume;
import org.pneumostream.standalone.ChildProcess;
import org.pneumostream.system.RunningSystem.Read;

/** preprocess-stream with transactions that time out or whose host is lost. */
@Timeout(300)
class PreprocessTransactionsIT {
  private static final int HUGE = 4;
  private static final int SLICES = 1000;
  private static final int SCANS = 40;

  @TempDir Path directory;

  @AutoClose private TunedCluster cluster;

  @BeforeEach
  void start() {
    cluster =
        new TunedCluster(
            directory.resolve("cluster"),
            Map.of("transaction.abort.timed.out.transaction.cleanup.interval.ms", "100"));
  }

  /** Each scan takes longer than a transaction may, and all exist when the service starts. */
  @Test
  void preprocessesScansThatTakeLongerThanATransaction() throws Exception {
    try (RunningSystem system =
        system("one", Map.of("kafka.producer.transaction.timeout.ms", "1000"))) {
      KafkaSettings.connectionWithTopics(system.settings());
      byte[] huge = huge();
      List<String> pushed = new ArrayList<>();
      for (int scan = 0; scan < HUGE; scan++) {
        pushed.add(push(system, scan, huge));
      }
      PreprocessService service = PreprocessService.start(system.settings());
      try {
        assertThat(volumes(system, HUGE))
            .extracting(Read::key)
            .containsExactlyInAnyOrderElementsOf(pushed);
      } finally {
        service.close();
      }
    }
  }

  @Test
  void losingAHostWithItsStateLosesAndRepeatsNoScan() throws Exception {
    try (RunningSystem lost = system("lost", Map.of());
        RunningSystem next = system("next", Map.of())) {
      KafkaSettings.connectionWithTopics(lost.settings());
      List<String> pushed = new ArrayList<>();
      for (int scan = 0; scan < SCANS; scan++) {
        pushed.add(push(lost, scan, SmallPhantom.file(scan)));
      }
      try (ChildProcess host = host("lost")) {
        lost.await(lost.topics().volumes(), read -> read.size() >= 3);
        kill();
        host.ended().handle((done, failure) -> done).join();
      }
      delete(directory.resolve("lost").resolve("preprocess-state"));

      PreprocessService service = PreprocessService.start(next.settings());
      try {
        assertThat(volumes(next, SCANS))
            .extracting(Read::key)
            .containsExactlyInAnyOrderElementsOf(pushed);
      } finally {
        service.close();
      }
    }
  }

  private static List<Read<Volume>> volumes(RunningSystem system, int count) throws Exception {
    return system.await(system.topics().volumes(), read -> read.size() >= count);
  }

  private RunningSystem system(String name, Map<String, String> more) {
    return new RunningSystem(
        cluster.bootstrapServers(), cluster.registryUrl(), "test.", directory.resolve(name), more);
  }

  /** As ingest writes it, but into one partition. */
  private static String push(RunningSystem system, int number, byte[] file) throws Exception {
    String id = "%064x".formatted(number);
    byte[] value = system.topics().scans().record(id, SmallPhantom.scan(file)).value();
    try (Producer<String, byte[]> producer = system.kafka().producer(Map.of())) {
      producer.send(new ProducerRecord<>(system.topics().scans().name(), 0, id, value)).get();
    }
    return id;
  }

  /** A gigabyte of air. */
  private static byte[] huge() throws Exception {
    NiftiHeader header =
        NiftiHeader.builder(Datatype.FLOAT32, 512, 512, SLICES).spacingMm(0.7, 0.7, 0.4).build();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    float[] slice = new float[512 * 512];
    try (NiftiWriter writer = NiftiWriter.open(new GZIPOutputStream(bytes), header)) {
      for (int k = 0; k < SLICES; k++) {
        writer.writeSlice(slice);
      }
    }
    return bytes.toByteArray();
  }

  private ChildProcess host(String name) {
    List<String> command = new ArrayList<>();
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            Pneumostream.class.getName(),
            "preprocess-stream"));
    Map.of(
            "bootstrap-servers",
            cluster.bootstrapServers(),
            "schema-registry-url",
            cluster.registryUrl(),
            "topic-prefix",
            "test.",
            "data-dir",
            directory.resolve(name).toString(),
            "input-shape",
            "48x48x48",
            "preprocess-stream-port",
            "0")
        .forEach((key, value) -> command.addAll(List.of("--set", key + "=" + value)));
    return ChildProcess.start("preprocess-stream", cluster.data(), Map.of(), command);
  }

  private void kill() throws Exception {
    String note = Files.readString(cluster.data().resolve("preprocess-stream.pid"));
    ProcessHandle.of(Long.parseLong(note.split(" ")[0])).orElseThrow().destroyForcibly();
  }

  private static void delete(Path folder) throws Exception {
    assertThat(folder).isDirectory();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}

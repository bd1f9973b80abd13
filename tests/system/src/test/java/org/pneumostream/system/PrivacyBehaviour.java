package org.pneumostream.system;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.pneumostream.jnifti.Datatype;
import org.pneumostream.jnifti.Extension;
import org.pneumostream.jnifti.HeaderField;
import org.pneumostream.jnifti.NiftiHeader;
import org.pneumostream.jnifti.NiftiWriter;
import org.pneumostream.runtime.Service;
import org.pneumostream.scanstore.ScanCompression;
import org.pneumostream.schemas.Scan;
import org.pneumostream.schemas.Topic;
import org.slf4j.LoggerFactory;

/** Private data stays private: see {@link SystemBehaviour}. */
interface PrivacyBehaviour extends SystemUnderTest {
  String NAME = "Doe^Jane";
  String SECRET = "a secret of a hospital";

  @Test
  default void noNameInAPushedFileReachesATopicALogOrTheMetrics(TestInfo test) throws Exception {
    Path inbox = Files.createDirectories(directory().resolve("inbox"));
    Map<String, String> settings =
        Map.of(
            "watch",
            inbox.toString(),
            "watch-settle",
            "1 ms",
            "study-key-secret",
            SECRET,
            "alert-threshold",
            "0");
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    root.addAppender(log);
    try (RunningSystem system = system(test, settings).start()) {
      system.publishModel(1);
      byte[] file = fullOfNames(1);
      assertThat(text(file)).contains(NAME);
      HttpResponse<String> pushed = system.post("/scans?study=Doe%5EJane&label=normal", file);
      assertThat(pushed.statusCode()).describedAs(pushed.body()).isEqualTo(202);
      HttpResponse<String> damaged =
          system.post("/scans?study=Doe%5EJane", Arrays.copyOf(file, file.length / 2));
      assertThat(damaged.statusCode()).isEqualTo(400);
      Files.write(inbox.resolve("Doe^Jane-damaged.nii"), Arrays.copyOf(file, 1000));
      Files.write(inbox.resolve("Doe^Jane.nii"), fullOfNames(2));
      system.await(system.topics().alerts(), read -> RunningSystem.keys(read).size() == 2);
      system.await(system.topics().labeledVolumes(), read -> !read.isEmpty());

      List<Scan> scans =
          system.now(system.topics().scans()).stream().map(RunningSystem.Read::value).toList();
      assertThat(scans).hasSize(2);
      assertThat(scans.stream().map(Scan::getStudyKey)).anyMatch(key -> key != null);
      for (Topic<?> topic : system.topics().all()) {
        for (ConsumerRecord<String, byte[]> record : system.records(topic)) {
          assertNameless(record.key(), topic.name());
          assertNameless(record.value() == null ? "" : text(record.value()), topic.name());
        }
      }
      for (Scan scan : scans) {
        assertNameless(text(inflated(scan.getContent())), "content of a scan");
      }
      for (Service service : system.services()) {
        assertNameless(system.get(service, "/metrics").body(), service.name());
        assertNameless(system.get(service, "/health/ready").body(), service.name());
      }
    } finally {
      root.detachAppender(log);
    }
    for (String told : List.of("accepted", "rejected")) {
      assertThat(log.list).anyMatch(event -> event.getFormattedMessage().contains(told));
    }
    for (ILoggingEvent event : List.copyOf(log.list)) {
      assertNameless(event.getFormattedMessage(), "log");
      assertNameless(
          event.getThrowableProxy() == null ? "" : event.getThrowableProxy().getMessage(), "log");
    }
  }

  private static void assertNameless(String text, String where) {
    for (String name : List.of("Doe", "Jane", SECRET)) {
      if (text != null && text.contains(name)) {
        throw new AssertionError(where + " holds " + name);
      }
    }
  }

  /** An uncompressed NIfTI-1 file with the name in every text field. */
  private static byte[] fullOfNames(int seed) throws IOException {
    NiftiHeader header =
        NiftiHeader.builder(Datatype.INT16, 64, 64, 16)
            .description(NAME)
            .field(HeaderField.AUX_FILE, NAME)
            .field(HeaderField.INTENT_NAME, NAME)
            .extension(new Extension(6, NAME.getBytes(StandardCharsets.US_ASCII)))
            .build();
    short[] voxels = new short[64 * 64 * 16];
    Arrays.fill(voxels, (short) -seed);
    // Scans with a single value are refused.
    voxels[0] = 1;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    NiftiWriter.write(out, header, voxels);
    byte[] bytes = out.toByteArray();
    // data_type and db_name.
    ByteBuffer.wrap(bytes)
        .put(4, NAME.getBytes(StandardCharsets.US_ASCII))
        .put(14, NAME.getBytes(StandardCharsets.US_ASCII));
    return bytes;
  }

  private static byte[] inflated(ByteBuffer content) throws IOException {
    byte[] bytes = new byte[content.remaining()];
    content.duplicate().get(bytes);
    return ScanCompression.decompress(new ByteArrayInputStream(bytes)).readAllBytes();
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}

package org.pneumostream.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.kafka.common.utils.LogContext;
import org.apache.kafka.streams.errors.TaskCorruptedException;
import org.apache.kafka.streams.processor.TaskId;
import org.junit.jupiter.api.Test;
import org.pneumostream.schemas.Registry;
import org.pneumostream.schemas.RegistryAwayException;
import org.slf4j.Logger;

/** Log output of libraries, filtered by logback.xml. */
class LogTest {
  private static final String INTERNALS = "org.apache.kafka.streams.processor.internals.";

  private static final Schema SCHEMA = Schema.create(Schema.Type.STRING);

  /** The exception has the same message, and its handler prints it. */
  @Test
  void anUnavailableRegistryIsNotLoggedByItsClient() throws Exception {
    String url;
    try (ServerSocket closed = new ServerSocket(0)) {
      url = "http://127.0.0.1:" + closed.getLocalPort();
    }
    Registry registry = Registry.at(url, Map.of());

    assertThat(
            logged(
                () -> {
                  assertThatThrownBy(() -> registry.schema(7))
                      .isInstanceOf(RegistryAwayException.class)
                      .hasMessageContaining("Connection refused");
                  assertThatThrownBy(() -> registry.register("s-value", SCHEMA))
                      .isInstanceOf(RegistryAwayException.class)
                      .hasMessageContaining("Connection refused");
                }))
        .isEmpty();
  }

  /** As Kafka Streams logs it after a kill. */
  @Test
  void rebuiltStateAfterAKillIsLoggedInOneLine() {
    TaskCorruptedException corrupted =
        new TaskCorruptedException(Set.of(new TaskId(0, 1), new TaskId(0, 2)));

    List<String> lines =
        logged(
            () -> {
              kafkas("ProcessorStateManager")
                  .warn(
                      "State store {} did not find checkpoint offsets"
                          + " while stores are not empty, since under EOS it has the risk of"
                          + " getting uncommitted data in stores",
                      "labels");
              kafkas("TaskManager")
                  .error(
                      "Get exceptions for the following tasks: {}",
                      Map.of(new TaskId(0, 1), corrupted));
              kafkas("DefaultStateUpdater")
                  .warn("Encountered task corrupted exception:", corrupted);
              kafkas("StreamThread")
                  .warn("Detected the states of tasks [0_1, 0_2] are corrupted.", corrupted);
            });

    assertThat(lines)
        .singleElement()
        .asString()
        .contains(
            "tasks 0_1, 0_2: the previous process did not stop in order; rebuilding their local"
                + " state from Kafka, nothing is lost")
        .doesNotContain("Exception");
  }

  @Test
  void otherWarningsOfKafkaStreamsPass() {
    assertThat(
            logged(
                () -> {
                  kafkas("ProcessorStateManager").warn("disk is slow");
                  kafkas("TaskManager")
                      .error(
                          "Get exceptions for the following tasks: {}",
                          Map.of(new TaskId(0, 1), new IllegalStateException("task's own")));
                  kafkas("StreamThread").error("ends", new IllegalStateException("a bug"));
                }))
        .anyMatch(line -> line.endsWith("disk is slow"))
        .anyMatch(line -> line.contains("task's own"))
        .anyMatch(line -> line.contains("a bug"));
  }

  /** Kafka's classes format messages before logback sees them. */
  private static Logger kafkas(String part) {
    return new LogContext("stream-thread [x] ").logger(INTERNALS + part);
  }

  private static List<String> logged(Runnable work) {
    PrintStream before = System.err;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    try {
      work.run();
    } finally {
      System.setErr(before);
    }
    return bytes.toString(StandardCharsets.UTF_8).lines().toList();
  }
}

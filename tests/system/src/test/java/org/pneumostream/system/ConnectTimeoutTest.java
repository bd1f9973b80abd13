package org.pneumostream.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pneumostream.cli.ConnectionOptions;
import org.pneumostream.cli.Execution;

/** Commands that need Kafka, without Kafka. */
class ConnectTimeoutTest {

  @Test
  void timeoutLeavesTimeForTheJvmWithinFiveSeconds() {
    assertThat(ConnectionOptions.CONNECT_TIMEOUT)
        .isBetween(Duration.ofSeconds(2), Duration.ofSeconds(4));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "predictions",
        "alerts",
        "status",
        "audit",
        "topics create",
        "train --once",
        "models list",
        "dead-letters list"
      })
  void everyCommandReportsThatNoBrokerAnswers(String command) throws Exception {
    String address;
    try (ServerSocket free = new ServerSocket(0)) {
      address = "127.0.0.1:" + free.getLocalPort();
    }
    List<String> words = new ArrayList<>(List.of(command.split(" ")));
    words.addAll(List.of("--bootstrap-servers", address));

    Execution execution = Execution.of(words.toArray());

    assertThat(execution.status()).isEqualTo(1);
    assertThat(execution.errLines())
        .singleElement()
        .asString()
        .contains("no Kafka broker answers at " + address);
  }
}

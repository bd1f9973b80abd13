package org.pneumostream.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pneumostream.cli.Execution;

class HelpTest {
  private static final String DISCLAIMER = "For research use, not a medical device.";

  @Test
  void listsEveryCommandWithADescription() {
    Execution help = Execution.of("--help");

    assertThat(help.status()).isZero();
    assertThat(help.err()).isEmpty();
    for (String command :
        List.of(
            "demo",
            "standalone",
            "ingest",
            "preprocess-stream",
            "scorer",
            "trainer",
            "publish",
            "label",
            "predictions",
            "alerts",
            "models",
            "train",
            "dead-letters",
            "topics",
            "status",
            "audit",
            "erase",
            "info",
            "preprocess",
            "montage",
            "predict",
            "fit",
            "phantom",
            "bench",
            "settings")) {
      assertThat(help.out()).containsPattern("(?m)^  " + Pattern.quote(command) + " +[A-Z]");
    }
    assertThat(help.out()).contains(DISCLAIMER);
  }

  @ParameterizedTest
  @ValueSource(strings = {"predict", "predictions", "alerts", "audit"})
  void commandsThatShowFindingsHaveTheDisclaimer(String command) {
    Execution help = Execution.of(command, "--help");

    assertThat(help.status()).isZero();
    assertThat(help.out()).contains(DISCLAIMER);
  }

  @Test
  void publishExplainsThatTheGroupKeyIsThePatients() {
    String help = Execution.of("publish", "--help").out().replaceAll("\\s+", " ");

    assertThat(help).contains("--study=KEY Pseudonym of the patient", "not of one study");
  }
}

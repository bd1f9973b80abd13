package org.pneumostream.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.pneumostream.cli.Execution;
import org.pneumostream.runtime.KafkaSettings;
import org.pneumostream.runtime.Service;

/** A person at another terminal, who runs commands on a system and waits for their effect. */
final class Terminal {
  private Terminal() {}

  /** Runs a command on a system, with nothing but its addresses and the prefix of its topics. */
  static Execution run(RunningSystem system, Object... command) {
    return run(
        Map.of(
            "bootstrap-servers", system.settings().get(KafkaSettings.BOOTSTRAP_SERVERS),
            "schema-registry-url", system.settings().get(KafkaSettings.SCHEMA_REGISTRY_URL),
            "topic-prefix", system.settings().get(KafkaSettings.TOPIC_PREFIX)),
        command);
  }

  /** Runs a command with settings. */
  static Execution run(Map<String, String> settings, Object... command) {
    List<Object> arguments = new ArrayList<>(List.of(command));
    settings.forEach((key, value) -> arguments.addAll(List.of("--set", key + "=" + value)));
    return Execution.of(arguments.toArray());
  }

  static JsonNode audit(RunningSystem system, int status) throws Exception {
    Execution audit = run(system, "audit", "--json");
    assertThat(audit.status()).as(audit.out() + audit.err()).isEqualTo(status);
    return audit.json();
  }

  /** Waits until the scorer has loaded a version. */
  static void awaitInForce(RunningSystem system, String version) throws Exception {
    Service scorer = system.services().get(0);
    Instant end = Instant.now().plus(RunningSystem.PATIENCE);
    String gauge = "version=\"" + version + "\"";
    while (!system.get(scorer, "/metrics").body().contains(gauge)) {
      assertThat(Instant.now()).as(gauge).isBefore(end);
    }
  }
}

package org.pneumostream.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pneumostream.schemas.ModelEventType;
import org.pneumostream.service.Service;
import org.pneumostream.standalone.RunningSystem.Read;

/** The system where nobody may do more than docs/security.md allows. */
@Timeout(240)
class SecuredSystemIT implements AccessBehaviour, RefusedStartBehaviour {
  private static final int SCANS = 8;
  private static final String STUDY_KEY_SECRET = "canary of the study keys";
  private static final String TOKEN = "canary-of-the-tokens";

  @TempDir static Path directory;
  private static SecuredCluster cluster;

  @BeforeAll
  static void start() throws Exception {
    cluster = new SecuredCluster(directory.resolve("cluster"));
  }

  @AfterAll
  static void stop() throws Exception {
    cluster.close();
  }

  @Override
  public SecuredCluster cluster() {
    return cluster;
  }

  @Test
  void everyServiceDoesItsWorkWithItsOwnLoginAndTellsNoSecret() throws Exception {
    String storePassword = Files.readString(cluster.guide().file("store.password"));
    Map<String, String> settings = new HashMap<>(cluster.settings("operator"));
    settings.putAll(
        Map.of(
            "alert-threshold", "0",
            "min-new-labels", Integer.toString(SCANS),
            "train-epochs", "1",
            "train-min-scans-per-class", "1",
            "train-augment", "false"));
    settings.putAll(
        Map.of(
            "study-key-secret",
            STUDY_KEY_SECRET,
            "http-tokens",
            "admin = " + TOKEN,
            "http-keystore",
            cluster.guide().file("kafka.p12").toString(),
            "http-keystore-password",
            storePassword));
    Map<String, String> secrets = new HashMap<>(cluster.guide().secrets());
    secrets.put("registry login", cluster.registryLogin());
    secrets.put("study-key-secret", STUDY_KEY_SECRET);
    secrets.put("http-tokens", TOKEN);
    try (Leaks leaks = new Leaks(secrets);
        RunningSystem system =
            new RunningSystem(
                settings.get("bootstrap-servers"),
                settings.get("schema-registry-url"),
                SecuredCluster.PREFIX,
                directory.resolve("data"),
                settings)) {
      system.start(cluster::settings);
      SecuredHttp http = new SecuredHttp(cluster.guide().file("trust.pem"), TOKEN);
      Service ingest = system.services().get(3);
      for (int seed = 0; seed < SCANS; seed++) {
        String finding = seed % 2 == 0 ? "normal" : "abnormal";
        assertThat(
                http.send(
                        ingest,
                        "POST",
                        "/scans?study=key&label=" + finding,
                        SmallPhantom.file(seed))
                    .statusCode())
            .isEqualTo(202);
      }
      system.await(
          system.topics().modelEvents(),
          read -> read.stream().anyMatch(e -> e.value().getType() == ModelEventType.PROMOTED));
      var predictions =
          system.await(
              system.topics().predictions(), read -> RunningSystem.keys(read).size() == SCANS);
      var alerts =
          system.await(system.topics().alerts(), read -> RunningSystem.keys(read).size() == SCANS);
      assertThat(alerts).extracting(Read::key).doesNotHaveDuplicates();
      assertThat(system.now(system.topics().trainingEpochs())).hasSize(1);
      assertThat(system.now(system.topics().deadLetters())).isEmpty();

      leaks.assertNoneInLog();
      for (Service service : system.services()) {
        HttpResponse<String> metrics = http.send(service, "GET", "/metrics", new byte[0]);
        assertThat(metrics.body()).contains("service=\"" + service.name() + "\"");
        leaks.assertNoneIn("/metrics of " + service.name(), metrics.body());
      }
    }
  }
}

package org.pneumostream.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pneumostream.cli.Execution;
import org.pneumostream.runtime.Service;
import org.pneumostream.system.RunningSystem.Read;

/** The system in which no login has more rights than docs/security.md gives. */
@Timeout(240)
class SecuredSystemIT implements AccessBehaviour, RefusedStartBehaviour {
  private static final int SCANS = 8;
  private static final String STUDY_KEY_SECRET = "canary of the study keys";
  private static final String TOKEN = "canary-of-the-tokens";

  @TempDir static Path directory;
  private static SecuredCluster cluster;
  private SecuredHttp http;
  private Service ingest;

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
  void theAdminCreatesTopicsThatServicesMayNot() {
    assertThat(cluster.guide().output()).contains("created    secured.dead-letters");
    Execution again = execute("admin", "topics", "create");
    assertThat(again.outLines()).hasSize(10).contains("exists     secured.dead-letters");
    // A topic that operator may describe, but not create.
    Execution refused = execute("operator", "topics", "create", "--set", "topic-prefix=secured.x.");
    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.errLines())
        .containsExactly("create: cannot create topic secured.x.scans: Authorization failed.");
  }

  @Test
  void everyServiceWorksWithItsOwnLoginAndLeaksNoSecret() throws Exception {
    try (Leaks leaks = new Leaks(secrets());
        RunningSystem system = system().start(cluster::settings)) {
      http = new SecuredHttp(cluster.guide().file("trust.pem"), TOKEN);
      ingest = system.services().get(3);
      List<String> pushed = new ArrayList<>();
      for (int seed = 0; seed < SCANS; seed++) {
        String finding = seed % 2 == 0 ? "normal" : "abnormal";
        HttpResponse<String> answer =
            http.send(
                ingest,
                "POST",
                "/scans?study=key-" + seed + "&label=" + finding,
                SmallPhantom.file(seed));
        assertThat(answer.statusCode()).describedAs(answer.body()).isEqualTo(202);
        pushed.add(new ObjectMapper().readTree(answer.body()).path("scanId").asText());
      }
      // The trainer makes a champion from their labels, and the scorer loads it.
      system.await(system.topics().alerts(), read -> RunningSystem.keys(read).containsAll(pushed));
      assertThat(values(system.now(system.topics().predictions()))).hasSize(SCANS);
      assertThat(values(system.now(system.topics().trainingEpochs()))).hasSize(1);
      assertThat(values(system.now(system.topics().deadLetters()))).isEmpty();

      erase(pushed.get(0), pushed.get(1));
      auditorSeesEveryServiceReady(system);
      auditorAndOperatorDoTheirWork(pushed.get(2), leaks);

      for (Service service : system.services()) {
        String metrics = http.send(service, "GET", "/metrics", new byte[0]).body();
        assertThat(metrics).contains("service=\"" + service.name() + "\"");
        leaks.assertNoneIn("/metrics of " + service.name(), metrics);
      }
      assertThat(leaks.messages())
          .anyMatch(message -> message.contains("sasl.jaas.config = [hidden]"))
          .anyMatch(message -> message.contains("/subjects/secured.scans-value/versions"));
      leaks.assertNoneInLog();
      ProcessHandle.current()
          .descendants()
          .map(child -> child.info().commandLine().orElse(""))
          .forEach(command -> leaks.assertNoneIn("command line", command));
      leaks.assertNoneIn("output of Kafka's tools", cluster.guide().output());
      leaks.assertNoneIn("logs of broker and registry", cluster.logs());
    }
  }

  /** Requires the ACLs that let ingest erase. */
  private void erase(String first, String second) throws Exception {
    HttpResponse<String> refused = delete(first);
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.body()).contains("Kafka does not let this ingest erase scans");
    cluster.guide().letIngestErase();
    awaitStatus(200, first);
    cluster.guide().forbidIngestToErase();
    awaitStatus(403, second);
  }

  /** Brokers apply a new ACL after a short delay. */
  private void awaitStatus(int status, String scanId) throws Exception {
    Instant end = Instant.now().plus(RunningSystem.PATIENCE);
    HttpResponse<String> answer = delete(scanId);
    while (answer.statusCode() != status) {
      assertThat(Instant.now()).as(answer.body()).isBefore(end);
      answer = delete(scanId);
    }
  }

  private HttpResponse<String> delete(String scanId) throws Exception {
    return http.send(ingest, "DELETE", "/scans/" + scanId, new byte[0]);
  }

  private static void auditorSeesEveryServiceReady(RunningSystem system) throws Exception {
    List<Object> status = new ArrayList<>(List.of("status", "--json"));
    for (Service service : system.services()) {
      String url = service.name() + "-url=https://127.0.0.1:" + service.port();
      status.addAll(List.of("--set", url));
    }
    Object trust = "http-trust=" + cluster.guide().file("trust.pem");
    status.addAll(List.of("--config", cluster.settingsFile("auditor")));
    Execution untrusting = Execution.of(status.toArray());
    assertThat(untrusting.json().at("/services/scorer/detail").asText()).contains("PKIX");
    status.addAll(List.of("--set", trust));
    Execution trusting = Execution.of(status.toArray());
    assertThat(trusting.status()).as(trusting.err()).isZero();
    assertThat(trusting.json().path("services").findValuesAsText("state"))
        .as(trusting.out())
        .hasSize(4)
        .containsOnly("ready");
  }

  private static void auditorAndOperatorDoTheirWork(String scanId, Leaks leaks) throws Exception {
    Path scan = Files.write(directory.resolve("scan.nii.gz"), SmallPhantom.file(SCANS));
    List<Execution> done =
        List.of(
            execute("auditor", "predictions"),
            execute("auditor", "models"),
            execute("auditor", "dead-letters"),
            execute("operator", "publish", scan),
            execute("operator", "label", scanId, "normal"),
            execute("operator", "dead-letters", "retry", "--all"),
            execute("operator", "models", "promote", "1"),
            execute("operator", "erase", scanId));
    assertThat(done).allSatisfy(one -> assertThat(one.status()).as(one.err()).isZero());
    Execution refused = execute("auditor", "erase", scanId);
    assertThat(refused.status()).isEqualTo(1);
    List<Execution> told = new ArrayList<>(done);
    told.addAll(List.of(refused, execute("scorer", "scorer", "--help"), Execution.of("settings")));
    for (Execution one : told) {
      leaks.assertNoneIn("standard output", one.out());
      leaks.assertNoneIn("standard error", one.err());
    }
  }

  private static Execution execute(String login, Object... arguments) {
    List<Object> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--config", cluster.settingsFile(login)));
    return Execution.of(all.toArray());
  }

  private static RunningSystem system() throws Exception {
    Map<String, String> settings = new HashMap<>(cluster.settings("operator"));
    settings.putAll(
        Map.of(
            "alert-threshold", "0",
            "min-new-labels", Integer.toString(SCANS),
            "train-epochs", "1",
            "train-min-scans-per-class", "1",
            "train-augment", "false",
            "train-validation-fraction", "0.5",
            "holdout-fraction", "0"));
    settings.putAll(
        Map.of(
            "study-key-secret",
            STUDY_KEY_SECRET,
            "http-tokens",
            "admin = " + TOKEN,
            "http-keystore",
            cluster.guide().file("kafka.p12").toString(),
            "http-keystore-password",
            Files.readString(cluster.guide().file("store.password"))));
    return new RunningSystem(
        settings.get("bootstrap-servers"),
        settings.get("schema-registry-url"),
        SecuredCluster.PREFIX,
        directory.resolve("data"),
        settings);
  }

  private static Map<String, String> secrets() throws Exception {
    Map<String, String> secrets = new HashMap<>(cluster.guide().secrets());
    secrets.put("registry login", cluster.registryLogin());
    secrets.put("study-key-secret", STUDY_KEY_SECRET);
    secrets.put("http-tokens", TOKEN);
    return secrets;
  }

  /** Without tombstones. */
  private static <V> List<V> values(List<Read<V>> records) {
    return records.stream().map(Read::value).filter(Objects::nonNull).toList();
  }
}

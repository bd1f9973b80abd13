package org.pneumostream.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pneumostream.services.ServiceType;
import org.pneumostream.settings.Setting;
import org.pneumostream.settings.Settings;

/** Configuration of Prometheus and Grafana is consistent, and fits docker-compose.yml. */
class MonitoringTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      textBlock =
          """
          up == 0                                                      | up        |
          sum by (le, job) (rate(a_bucket{x="y{z}",w=~"v"}[5m])) > 0.5 | a_bucket  | job, le, w, x
          (a:b:sum > 0) or (c unless c offset 10m)                     | a:b:sum, c |
          up{job="s"} == 1 unless on (instance) m_info                 | m_info, up | instance, job
          histogram_quantile(0.99, sum by (le) (rate(x[$__rate_interval]))) or vector(0) | x | le
          a * on (i) group_left (v) b / scalar(sum(c) - 1e3)           | a, b, c   | i, v
          """)
  void parsesMetricsAndLabelsOfExpressions(String expression, String metrics, String labels) {
    PromQl read = PromQl.of(expression);

    assertThat(String.join(", ", read.metrics())).isEqualTo(metrics);
    assertThat(String.join(", ", read.labels())).isEqualTo(labels == null ? "" : labels);
  }

  @Test
  void prometheusScrapesEveryServiceOfCompose() throws IOException {
    Map<String, Integer> scraped = new TreeMap<>();
    JsonNode job =
        Monitoring.yaml(Monitoring.FILES.resolve("prometheus.yml")).at("/scrape_configs/0");
    for (JsonNode targets : job.get("dns_sd_configs")) {
      targets.get("names").forEach(name -> scraped.put(name.asText(), targets.get("port").asInt()));
    }

    Map<String, Setting<Integer>> ports =
        Stream.of(ServiceType.values())
            .collect(Collectors.toMap(ServiceType::toString, ServiceType::port));
    assertThat(scraped.keySet()).isEqualTo(new TreeMap<>(ports).keySet());
    List<String> services = new ArrayList<>();
    compose().get("services").fieldNames().forEachRemaining(services::add);
    assertThat(services).containsAll(scraped.keySet());
    List<Setting<?>> known = List.copyOf(ports.values());
    Settings defaults = Settings.of(known.stream().distinct().toList(), Map.of());
    scraped.forEach(
        (service, port) ->
            assertThat(port).as(service).isEqualTo(defaults.get(ports.get(service))));
  }

  @Test
  void composeMountsExistingFilesAndGrafanaFindsItsSource() throws IOException {
    List<String> mounted = new ArrayList<>();
    for (String service : List.of("prometheus", "grafana")) {
      for (JsonNode volume : compose().at("/services/" + service + "/volumes")) {
        String source = volume.asText().split(":")[0];
        if (source.startsWith("./")) {
          assertThat(Path.of("..", "..", source)).exists();
          mounted.add(source);
        }
      }
    }
    assertThat(mounted).hasSize(5);

    Path provisioning = Monitoring.FILES.resolve(Path.of("grafana", "provisioning"));
    JsonNode source =
        Monitoring.yaml(provisioning.resolve(Path.of("datasources", "prometheus.yml")))
            .at("/datasources/0");
    JsonNode panels = Monitoring.yaml(Monitoring.DASHBOARD).get("panels");
    assertThat(Set.copyOf(panels.findValuesAsText("uid")))
        .containsExactly(source.get("uid").asText());
    assertThat(panels.findValuesAsText("id")).doesNotHaveDuplicates();
    for (JsonNode panel : panels) {
      boolean isRow = panel.get("type").asText().equals("row");
      assertThat(panel.path("targets").isEmpty()).as(panel.get("title").asText()).isEqualTo(isRow);
    }
  }

  private static JsonNode compose() throws IOException {
    return Monitoring.yaml(Path.of("..", "..", "docker-compose.yml"));
  }
}

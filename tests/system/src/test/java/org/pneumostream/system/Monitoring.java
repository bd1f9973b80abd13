package org.pneumostream.system;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Pages and files in docs about metrics. */
final class Monitoring {
  static final Path DOCS = Path.of("..", "..", "docs");
  static final Path FILES = DOCS.resolve("monitoring");
  static final Path DASHBOARD =
      FILES.resolve(Path.of("grafana", "dashboards", "pneumostream.json"));

  private static final Pattern ROW =
      Pattern.compile("\\| `(\\w+)` \\| (\\w+) \\| ([^|]*)\\| ([^|]*) \\| (.*) \\|");
  private static final List<String> EVERY =
      List.of("ingest", "preprocess-stream", "scorer", "trainer");

  /** A row of docs/metrics.md. */
  record Documented(String metric, String type, Set<String> tags, List<String> services) {}

  private Monitoring() {}

  static List<Documented> documented() throws IOException {
    List<Documented> rows = new ArrayList<>();
    for (String line : Files.readAllLines(DOCS.resolve("metrics.md"))) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        List<String> services = list(row.group(4));
        rows.add(
            new Documented(
                row.group(1),
                row.group(2),
                new TreeSet<>(list(row.group(3))),
                services.equals(List.of("every")) ? EVERY : services));
      } else if (line.startsWith("| `")) {
        throw new AssertionError("no row of the table: " + line);
      }
    }
    return rows;
  }

  /** Every expression of rules and dashboard. */
  static Set<String> expressions() throws IOException {
    Set<String> expressions = new LinkedHashSet<>();
    for (Path file : List.of(FILES.resolve("rules.yml"), DASHBOARD)) {
      for (JsonNode expression : yaml(file).findValues("expr")) {
        expressions.add(expression.asText());
      }
    }
    return expressions;
  }

  /** Recording rules: expressions by name. */
  static Map<String, String> recorded() throws IOException {
    Map<String, String> recorded = new HashMap<>();
    for (JsonNode rule : yaml(FILES.resolve("rules.yml")).at("/groups/0/rules")) {
      if (rule.has("record")) {
        recorded.put(rule.get("record").asText(), rule.get("expr").asText());
      }
    }
    return recorded;
  }

  /** A YAML file; JSON is a subset. */
  static JsonNode yaml(Path file) throws IOException {
    return new YAMLMapper().readTree(file.toFile());
  }

  private static List<String> list(String cell) {
    return Arrays.stream(cell.split(",")).map(String::strip).filter(s -> !s.isEmpty()).toList();
  }
}

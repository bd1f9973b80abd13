package org.pneumostream.system;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Metrics and labels of a PromQL expression.
 *
 * @param metrics names of the series that it selects
 * @param labels names of labels that it selects, groups or joins by
 */
record PromQl(Set<String> metrics, Set<String> labels) {
  private static final Pattern STRING = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"");
  private static final Pattern RANGE = Pattern.compile("\\[[^\\]]*]|offset \\w+");
  private static final Pattern GROUPING =
      Pattern.compile("\\b(?:by|without|on|ignoring|group_left|group_right)\\s*\\(([^)]*)\\)");
  private static final Pattern SELECTOR =
      Pattern.compile("(?<![\\w.:])([a-zA-Z_:][\\w:]*)(?![\\w:])\\s*(?:\\{([^}]*)}|(\\())?");
  private static final Pattern MATCHER = Pattern.compile("(\\w+)\\s*(?:=~|!~|!=|=)");
  private static final Set<String> OPERATORS = Set.of("and", "or", "unless", "bool");

  static PromQl of(String expression) {
    Set<String> labels = new TreeSet<>();
    String rest = RANGE.matcher(STRING.matcher(expression).replaceAll("\"\"")).replaceAll("");
    Matcher grouping = GROUPING.matcher(rest);
    while (grouping.find()) {
      for (String label : grouping.group(1).split(",")) {
        labels.add(label.strip());
      }
    }
    Set<String> metrics = new TreeSet<>();
    Matcher selector = SELECTOR.matcher(grouping.replaceAll(""));
    while (selector.find()) {
      boolean isFunction = selector.group(3) != null;
      if (isFunction || OPERATORS.contains(selector.group(1))) {
        continue;
      }
      metrics.add(selector.group(1));
      Matcher matcher = MATCHER.matcher(selector.group(2) == null ? "" : selector.group(2));
      while (matcher.find()) {
        labels.add(matcher.group(1));
      }
    }
    return new PromQl(metrics, labels);
  }
}

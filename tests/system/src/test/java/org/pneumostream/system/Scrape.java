package org.pneumostream.system;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A service's metrics in Prometheus' text format.
 *
 * @param types type of each metric, by its name
 * @param samples in the order of the text
 */
record Scrape(Map<String, String> types, List<Sample> samples) {
  private static final Pattern TYPE = Pattern.compile("# TYPE (\\S+) (\\S+)");
  private static final Pattern SAMPLE = Pattern.compile("([\\w:]+)(?:\\{(.*)})? (\\S+)");
  private static final Pattern TAG = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\",?");

  /** One value. */
  record Sample(String name, Map<String, String> tags, double value) {}

  static Scrape of(String text) {
    Map<String, String> types = new HashMap<>();
    List<Sample> samples = new ArrayList<>();
    for (String line : text.split("\n")) {
      Matcher type = TYPE.matcher(line);
      Matcher sample = SAMPLE.matcher(line);
      if (type.matches()) {
        types.put(type.group(1), type.group(2));
      } else if (sample.matches()) {
        samples.add(
            new Sample(
                sample.group(1), tags(sample.group(2)), Double.parseDouble(sample.group(3))));
      } else if (!line.startsWith("# HELP ")) {
        throw new AssertionError("no line of the text format: " + line);
      }
    }
    return new Scrape(types, samples);
  }

  /** The tags of a metric's samples, without those that every metric or bucket has. */
  Set<String> tagsOf(String metric) {
    Set<String> tags = new TreeSet<>();
    for (Sample sample : samples) {
      if (sample.name().equals(metric) || sample.name().matches(metric + "_(bucket|count|sum)")) {
        tags.addAll(sample.tags().keySet());
      }
    }
    tags.removeAll(Set.of("service", "le"));
    return tags;
  }

  /** Sum of the samples with these tags, written {@code name=value,name=value}; 0 if none. */
  double sum(String name, String tags) {
    Map<String, String> wanted = new HashMap<>();
    for (String tag : tags.split(",")) {
      if (!tag.isEmpty()) {
        wanted.put(tag.substring(0, tag.indexOf('=')), tag.substring(tag.indexOf('=') + 1));
      }
    }
    return samples.stream()
        .filter(sample -> sample.name().equals(name))
        .filter(sample -> sample.tags().entrySet().containsAll(wanted.entrySet()))
        .mapToDouble(Sample::value)
        .sum();
  }

  private static Map<String, String> tags(String text) {
    Map<String, String> tags = new HashMap<>();
    Matcher tag = TAG.matcher(text == null ? "" : text);
    while (tag.find()) {
      tags.put(tag.group(1), tag.group(2));
    }
    return tags;
  }
}

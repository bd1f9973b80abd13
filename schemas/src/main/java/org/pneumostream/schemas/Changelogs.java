package org.pneumostream.schemas;

import java.util.List;
import org.apache.kafka.clients.admin.Admin;

/** The changelog topics that Kafka Streams creates for the tables of scans. */
public final class Changelogs {
  private Changelogs() {}

  /** Full names of those that exist and that the client may see. */
  public static List<String> of(Topics topics, Admin admin) {
    String prefix = topics.preprocessGroup() + "-";
    return KafkaAnswer.of(admin.listTopics().names(), "cannot list topics").stream()
        .filter(name -> name.startsWith(prefix) && name.endsWith("-changelog"))
        .sorted()
        .toList();
  }
}

package org.pneumostream.schemas;

import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;

/** The changelog topics that Kafka Streams creates for the tables of scans. */
public final class Changelogs {
  private Changelogs() {}

  /** Full names of those that exist and that the client may see. */
  public static List<String> of(Topics topics, Admin admin) {
    String prefix = topics.preprocessGroup() + "-";
    try {
      return admin.listTopics().names().get().stream()
          .filter(name -> name.startsWith(prefix) && name.endsWith("-changelog"))
          .sorted()
          .toList();
    } catch (ExecutionException e) {
      throw new KafkaException("cannot list topics: " + e.getCause().getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptException(e);
    }
  }
}

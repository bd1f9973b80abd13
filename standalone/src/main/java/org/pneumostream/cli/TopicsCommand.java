package org.pneumostream.cli;

import java.io.PrintWriter;
import java.util.Map;
import java.util.Set;
import org.pneumostream.schemas.KafkaConnection;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The topics, for services that may not create them. */
@Command(name = "topics", description = "Create the topics.", mixinStandardHelpOptions = true)
final class TopicsCommand {
  @Spec private CommandSpec spec;

  @Command(
      name = "create",
      description = {
        "Create the topics that are missing and register every schema.",
        "Services do so themselves, unless Kafka does not let them."
      },
      mixinStandardHelpOptions = true)
  void create(@Mixin ConnectionOptions options) {
    KafkaConnection kafka = options.kafka();
    Set<String> made = kafka.createMissingTopics(Map.of());
    PrintWriter out = spec.commandLine().getOut();
    kafka
        .topics()
        .all()
        .forEach(
            topic ->
                out.println(
                    (made.contains(topic.name()) ? "created    " : "was there  ") + topic.name()));
    out.flush();
  }
}

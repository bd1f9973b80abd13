package org.pneumostream.cli;

import java.io.PrintWriter;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.pneumostream.ledger.ErasedBytes;
import org.pneumostream.runtime.KafkaConnection;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The topics, for services that may not create them. */
@Command(
    name = "topics",
    description = "Create the topics; remove erased bytes from them.",
    mixinStandardHelpOptions = true)
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

  @Command(
      name = "erase",
      description = {
        "Have Kafka remove the bytes of scans that were erased in the last erase-within (24 h).",
        "ingest does so itself, unless Kafka does not let it: then run this "
            + ErasedBytes.ROUNDS
            + " times within erase-within, from cron or the like."
      },
      mixinStandardHelpOptions = true)
  void erase(@Mixin ConnectionOptions options) {
    boolean isErasing = new ErasedBytes(options.kafka()).round(Instant.now());
    PrintWriter out = spec.commandLine().getOut();
    out.println(isErasing ? "erased bytes are being removed" : "nothing to remove");
    out.flush();
  }
}

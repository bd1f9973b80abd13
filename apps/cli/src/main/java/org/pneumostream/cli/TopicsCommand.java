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

/** Creates and cleans topics, for services without the right to do so. */
@Command(
    name = "topics",
    description = "Create the topics; remove erased bytes from them.",
    mixinStandardHelpOptions = true)
final class TopicsCommand {
  @Spec private CommandSpec spec;

  @Command(
      name = "create",
      description = {
        "Create the missing topics and register every schema.",
        "Services do this themselves if Kafka lets them."
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
                    (made.contains(topic.name()) ? "created    " : "exists     ") + topic.name()));
    out.flush();
  }

  @Command(
      name = "erase",
      description = {
        "Make Kafka remove the bytes of scans erased within the last erase-within (24 h).",
        "ingest does this itself if Kafka lets it; otherwise run this command "
            + ErasedBytes.ROUNDS
            + " times within erase-within, for example from cron."
      },
      mixinStandardHelpOptions = true)
  void erase(@Mixin ConnectionOptions options) {
    boolean isErasing = new ErasedBytes(options.kafka()).round(Instant.now());
    PrintWriter out = spec.commandLine().getOut();
    out.println(isErasing ? "removing erased bytes" : "nothing to remove");
    out.flush();
  }
}

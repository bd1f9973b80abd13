package org.pneumostream.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.pneumostream.schemas.DeadLetter;
import org.pneumostream.schemas.KafkaConnection;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows what could not be processed. A letter's number is its offset. */
@Command(
    name = "dead-letters",
    description = "Show records that could not be processed.",
    mixinStandardHelpOptions = true)
final class DeadLettersCommand implements Runnable {
  @Mixin private ConnectionOptions connection;

  @Spec private CommandSpec spec;

  /** Without a subcommand: the list. */
  @Override
  public void run() {
    list(connection, false);
  }

  @Command(
      name = "list",
      description = "One line each, oldest first.",
      mixinStandardHelpOptions = true)
  void list(
      @Mixin ConnectionOptions options,
      @Option(names = "--json", description = "One JSON object a line.") boolean json) {
    PrintWriter out = spec.commandLine().getOut();
    letters(options)
        .read(
            false,
            (record, letter) ->
                out.println(
                    json ? AvroJson.line("key", record.key(), letter) : line(record, letter)));
    out.flush();
  }

  @Command(name = "show", description = "All of one.", mixinStandardHelpOptions = true)
  void show(
      @Mixin ConnectionOptions options,
      @Parameters(paramLabel = "N", description = "Its number in the list.") long number) {
    PrintWriter out = spec.commandLine().getOut();
    AtomicBoolean found = new AtomicBoolean();
    letters(options)
        .read(
            false,
            (record, letter) -> {
              if (record.offset() == number) {
                found.set(true);
                out.print(details(record, letter));
              }
            });
    out.flush();
    if (!found.get()) {
      throw new NoSuchElementException("there is no dead letter " + number);
    }
  }

  private static TopicReader<DeadLetter> letters(ConnectionOptions options) {
    KafkaConnection kafka = options.kafka();
    return new TopicReader<>(kafka, kafka.topics().deadLetters());
  }

  private static String line(ConsumerRecord<String, byte[]> record, DeadLetter letter) {
    return String.format(
        Locale.ROOT,
        "%4d  %s  %s  %.12s  %s",
        record.offset(),
        letter.getFailedAt(),
        letter.getStage(),
        record.key(),
        letter.getReason());
  }

  private static String details(ConsumerRecord<String, byte[]> record, DeadLetter letter) {
    int bytes = letter.getContent() == null ? 0 : letter.getContent().remaining();
    return String.format(
        Locale.ROOT,
        "number     %d%nkey        %s%nstage      %s%nfailed at  %s%nrecord     %s, partition %d, offset %d%n"
            + "error      %s%nreason     %s%ncontent    %d bytes%nreference  %s%n",
        record.offset(),
        record.key(),
        letter.getStage(),
        letter.getFailedAt(),
        letter.getTopic(),
        letter.getPartition(),
        letter.getOffset(),
        letter.getError(),
        letter.getReason(),
        bytes,
        letter.getReference() == null ? "none" : letter.getReference().getUri());
  }
}

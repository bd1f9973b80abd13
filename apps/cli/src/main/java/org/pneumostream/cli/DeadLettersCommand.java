package org.pneumostream.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.pneumostream.ledger.DeadLetterRetry;
import org.pneumostream.ledger.TopicAudit;
import org.pneumostream.ledger.TrackedDeadLetter;
import org.pneumostream.runtime.KafkaConnection;
import org.pneumostream.terminal.Arguments;
import org.pneumostream.terminal.ExitStatus;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows records that could not be processed, and retries them. */
@Command(
    name = "dead-letters",
    description = {
      "Show records that could not be processed, and retry them.",
      "A letter's number is the offset of its first attempt on the topic dead-letters."
    },
    mixinStandardHelpOptions = true)
final class DeadLettersCommand implements Runnable {
  @Mixin private ConnectionOptions connection;

  @Spec private CommandSpec spec;

  /** Lists them if there is no subcommand. */
  @Override
  public void run() {
    list(connection, new LetterFilter(), false, false);
  }

  @Command(
      name = "list",
      description = {
        "List unsettled letters, oldest first.",
        "One line each: number, attempts, state, time of the last failure, stage, key, reason."
      },
      mixinStandardHelpOptions = true)
  void list(
      @Mixin ConnectionOptions options,
      @Mixin LetterFilter filter,
      @Option(
              names = "--settled",
              description = "Include settled letters and those whose scan was erased.")
          boolean settled,
      @Option(names = "--json", description = "One JSON object a line.") boolean json) {
    PrintWriter out = out();
    letters(options.kafka()).stream()
        .filter(filter::takes)
        .filter(letter -> settled || letter.isOpen())
        .map(letter -> json ? LetterLines.json(letter) : LetterLines.line(letter))
        .forEach(out::println);
    out.flush();
  }

  @Command(name = "show", description = "Show one letter in full.", mixinStandardHelpOptions = true)
  void show(
      @Mixin ConnectionOptions options,
      @Parameters(paramLabel = "N", description = "Its number in the list.") long number,
      @Option(names = "--json", description = "One JSON object.") boolean json) {
    TrackedDeadLetter letter = letter(letters(options.kafka()), number);
    PrintWriter out = out();
    List<String> lines = json ? List.of(LetterLines.json(letter)) : LetterLines.details(letter);
    lines.forEach(out::println);
    out.flush();
  }

  @Command(
      name = "retry",
      description = {
        "Put failed records back on their topics, byte for byte. Fix the cause first.",
        "Successful records are settled; a new failure is another attempt of the same letter."
      },
      mixinStandardHelpOptions = true)
  int retry(
      @Mixin ConnectionOptions options,
      @Mixin LetterFilter filter,
      @Parameters(paramLabel = "N", arity = "0..1", description = "Its number in the list.")
          Long number,
      @Option(
              names = "--all",
              description = "All waiting letters, or those that match the filters.")
          boolean all)
      throws Exception {
    if (all == (number != null)) {
      throw wrongRetry(all ? "N and --all exclude each other" : "expected N or --all");
    }
    if (!all && filter.isGiven()) {
      throw wrongRetry("--stage and --error need --all");
    }
    KafkaConnection kafka = options.kafka();
    try (DeadLetterRetry retry = new DeadLetterRetry(kafka, err()::println)) {
      if (!all) {
        print(number, retry.retry(letter(retry.deadLetters(), number)));
        return ExitStatus.DONE;
      }
      List<TrackedDeadLetter> waiting =
          retry.deadLetters().stream()
              .filter(letter -> letter.isWaiting())
              .filter(filter::takes)
              .toList();
      return retryAll(waiting, retry);
    } catch (ProducerFencedException | InvalidProducerEpochException e) {
      throw new IllegalStateException("another retry has taken over the remaining letters", e);
    }
  }

  /** One letter that cannot be retried does not keep the others from it. */
  private int retryAll(List<TrackedDeadLetter> waiting, DeadLetterRetry retry) throws Exception {
    int status = ExitStatus.DONE;
    for (TrackedDeadLetter letter : waiting) {
      try {
        print(letter.number(), retry.retry(letter));
      } catch (IllegalStateException | NoSuchElementException e) {
        err().println("retry: " + e.getMessage());
        status = ExitStatus.FAILED;
      }
    }
    return status;
  }

  private void print(long number, RecordMetadata written) {
    PrintWriter out = out();
    out.printf(
        "dead letter %d: back on %s, partition %d, offset %d%n",
        number, written.topic(), written.partition(), written.offset());
    out.flush();
  }

  private List<TrackedDeadLetter> letters(KafkaConnection kafka) {
    return new TopicAudit(kafka, err()::println).deadLetters();
  }

  private static TrackedDeadLetter letter(List<TrackedDeadLetter> letters, long number) {
    return letters.stream()
        .filter(letter -> letter.has(number))
        .findFirst()
        .orElseThrow(() -> new NoSuchElementException("no dead letter has number " + number));
  }

  private RuntimeException wrongRetry(String message) {
    return Arguments.wrong(Arguments.subcommand(spec, "retry"), message);
  }

  private PrintWriter err() {
    return spec.commandLine().getErr();
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}

package org.pneumostream.cli;

import java.io.PrintWriter;
import org.apache.avro.specific.SpecificRecord;
import org.pneumostream.runtime.KafkaConnection;
import org.pneumostream.schemas.Topic;
import org.pneumostream.schemas.Topics;
import org.pneumostream.terminal.AvroJson;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints a topic whose keys are scan ids, one line per record. */
@Command(footer = "%nFor research use, not a medical device.", mixinStandardHelpOptions = true)
abstract class TailCommand<V extends SpecificRecord> implements Runnable {
  @Mixin private ConnectionOptions connection;

  @Option(names = "--follow", description = "Keep printing new records.")
  private boolean follow;

  @Option(names = "--json", description = "One JSON object a line.")
  private boolean json;

  @Spec private CommandSpec spec;

  abstract Topic<V> topic(Topics topics);

  /** Formats a record for people. */
  abstract String line(String scanId, V value);

  @Override
  public final void run() {
    PrintWriter out = spec.commandLine().getOut();
    KafkaConnection kafka = connection.kafka();
    PrintWriter err = spec.commandLine().getErr();
    TopicReader<V> reader = new TopicReader<>(kafka, topic(kafka.topics()), err::println);
    reader.read(
        follow,
        (record, value) -> {
          out.println(
              json ? AvroJson.line("scanId", record.key(), value) : line(record.key(), value));
          out.flush();
        });
  }
}

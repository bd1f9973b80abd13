package org.pneumostream.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.pneumostream.ledger.TopicAudit;
import org.pneumostream.ledger.UnreadableRecord;
import org.pneumostream.runtime.KafkaConnection;
import org.pneumostream.runtime.KafkaSettings;
import org.pneumostream.schemas.ModelEvent;
import org.pneumostream.schemas.ModelVersion;
import org.pneumostream.settings.Settings;
import org.pneumostream.status.Backlog;
import org.pneumostream.status.Readiness;
import org.pneumostream.status.SystemStatus;
import org.pneumostream.terminal.AvroJson;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows the state of a running system. */
@Command(
    name = "status",
    description = {
      "Show the state of a running system: services, backlogs, champion, dead letters.",
      "Services are asked at http-host and their ports, or at ingest-url, preprocess-stream-url, "
          + "scorer-url and trainer-url; over TLS, with the certificates of http-trust."
    },
    mixinStandardHelpOptions = true)
final class StatusCommand implements Runnable {
  @Mixin private ConnectionOptions connection;

  @Option(names = "--json", description = "One JSON object.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    Settings settings = connection.settings();
    KafkaConnection kafka = ConnectionOptions.connect(settings);
    PrintWriter out = spec.commandLine().getOut();
    try {
      SystemStatus status = SystemStatus.read(kafka, settings);
      List<UnreadableRecord> unreadable = new ArrayList<>();
      Optional<ModelEvent> event = lastEvent(kafka, unreadable::add);
      long letters =
          new TopicAudit(kafka, unreadable::add)
              .deadLetters().stream().filter(one -> one.isWaiting()).count();
      if (json) {
        out.println(AvroJson.line(object(status, event, letters, unreadable)));
      } else {
        print(out, status, event, settings);
        line(out, "dead letters", letters + " waiting");
        unreadable.forEach(out::println);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while asking the services", e);
    }
    out.flush();
  }

  private static Optional<ModelEvent> lastEvent(
      KafkaConnection kafka, Consumer<UnreadableRecord> unreadable) {
    AtomicReference<ModelEvent> last = new AtomicReference<>();
    new TopicReader<>(kafka, kafka.topics().modelEvents(), unreadable)
        .read(false, (record, event) -> last.set(event));
    return Optional.ofNullable(last.get());
  }

  private static void print(
      PrintWriter out, SystemStatus status, Optional<ModelEvent> event, Settings settings) {
    line(
        out,
        "Kafka",
        "%d broker%s at %s"
            .formatted(
                status.brokers(),
                status.brokers() == 1 ? "" : "s",
                settings.get(KafkaSettings.BOOTSTRAP_SERVERS)));
    status
        .services()
        .forEach(
            (name, readiness) ->
                line(out, name, text(readiness) + text(status.backlogs().get(name))));
    line(out, "champion", status.champion().map(StatusCommand::text).orElse("none yet"));
    line(
        out,
        "last model event",
        event
            .map(last -> "%s %s: %s".formatted(last.getAt(), last.getType(), last.getReason()))
            .orElse("none yet"));
  }

  private static void line(PrintWriter out, String name, String text) {
    out.println("%-18s %s".formatted(name, text));
  }

  private static String text(Readiness readiness) {
    return readiness.detail().isEmpty()
        ? readiness.state()
        : readiness.state() + ": " + readiness.detail();
  }

  private static String text(@Nullable Backlog backlog) {
    if (backlog == null) {
      return "";
    }
    String topics =
        backlog.waiting().entrySet().stream()
            .filter(topic -> topic.getValue() > 0)
            .map(topic -> topic.getValue() + " in " + topic.getKey())
            .collect(Collectors.joining(", "));
    return ", %d in its group, %s"
        .formatted(backlog.members(), topics.isEmpty() ? "no backlog" : "backlog " + topics);
  }

  private static String text(ModelVersion champion) {
    return "%s %s, made %s"
        .formatted(champion.getName(), champion.getVersion(), champion.getCreatedAt());
  }

  private static Map<String, Object> object(
      SystemStatus status,
      Optional<ModelEvent> event,
      long letters,
      List<UnreadableRecord> unreadable) {
    Map<String, Object> services = new LinkedHashMap<>();
    status
        .services()
        .forEach(
            (name, readiness) -> {
              Map<String, Object> service = new LinkedHashMap<>();
              service.put("state", readiness.state());
              service.put("detail", readiness.detail());
              Backlog backlog = status.backlogs().get(name);
              if (backlog != null) {
                service.put("members", backlog.members());
                service.put("waiting", backlog.waiting());
              }
              services.put(name, service);
            });
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("brokers", status.brokers());
    object.put("services", services);
    object.put("champion", status.champion().map(ModelVersion::getVersion).orElse(null));
    object.put("lastModelEvent", event.map(AvroJson::object).orElse(null));
    object.put("deadLettersWaiting", letters);
    object.put("unreadable", unreadable);
    return object;
  }
}

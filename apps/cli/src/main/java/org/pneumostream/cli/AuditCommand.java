package org.pneumostream.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.pneumostream.ledger.ScanAudit;
import org.pneumostream.ledger.ScanAudit.ByModel;
import org.pneumostream.ledger.TopicAudit;
import org.pneumostream.ledger.TrackedDeadLetter;
import org.pneumostream.ledger.UnreadableRecord;
import org.pneumostream.runtime.ModelSettings;
import org.pneumostream.settings.Settings;
import org.pneumostream.terminal.AvroJson;
import org.pneumostream.terminal.ExitStatus;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Proves from the topics that no scan was lost or predicted twice. */
@Command(
    name = "audit",
    description = {
      "Account for every scan: each has a prediction or a waiting dead letter, or was erased; no "
          + "model predicted a scan twice; every alert is unique and has its prediction.",
      "Each model scores every scan; this command audits the model that the setting model-name "
          + "names.",
      "In-flight scans count as missing; run it when the pipeline is idle. Exit status 1 "
          + "if a scan is missing or expired unread, predicted or alerted twice, alerted without a "
          + "prediction, or was pushed once and has both a prediction and a waiting dead letter.",
      "Unreadable records are listed and skipped."
    },
    footer = "%nFor research use, not a medical device.",
    mixinStandardHelpOptions = true)
final class AuditCommand implements Callable<Integer> {
  @Mixin private ConnectionOptions connection;

  @Option(names = "--json", description = "One JSON object.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Settings settings = connection.settings();
    List<UnreadableRecord> unreadable = new ArrayList<>();
    TopicAudit.Balance balance =
        new TopicAudit(ConnectionOptions.connect(settings), unreadable::add)
            .balance(settings.get(ModelSettings.NAME));
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(AvroJson.line(object(balance, unreadable)));
    } else {
      print(balance, out);
      print(unreadable, out);
    }
    out.flush();
    return balance.isBalanced() ? ExitStatus.DONE : ExitStatus.FAILED;
  }

  private static void print(TopicAudit.Balance balance, PrintWriter out) {
    ScanAudit scans = balance.scans();
    out.printf(
        "%d scans: %d predicted, %d with a waiting dead letter, %d erased, %d missing; "
            + "%d predicted twice by one model%n",
        scans.scans(),
        scans.predicted(),
        scans.deadLettered(),
        scans.erased(),
        scans.missing().size(),
        scans.repeated().size());
    out.printf(
        "dead letters: %d waiting, %d underway, %d settled%n",
        balance.letters(TrackedDeadLetter.State.WAITING),
        balance.letters(TrackedDeadLetter.State.UNDERWAY),
        balance.letters(TrackedDeadLetter.State.SETTLED));
    balance
        .expired()
        .forEach(
            range ->
                out.printf(
                    "expired unread   up to %d scans, partition %d, offsets %d to %d%n",
                    range.count(), range.partition(), range.from(), range.to() - 1));
    scans.missing().forEach(id -> out.println("missing  " + id));
    scans.both().forEach(id -> out.println("both     " + id));
    print("twice    ", scans.repeated(), out);
    print("alerted twice    ", scans.alertedTwice(), out);
    print("alerted only     ", scans.alertedOnly(), out);
  }

  private static void print(List<UnreadableRecord> unreadable, PrintWriter out) {
    if (!unreadable.isEmpty()) {
      out.printf("skipped %d unreadable records%n", unreadable.size());
      unreadable.forEach(out::println);
    }
  }

  private static void print(String what, List<ByModel> list, PrintWriter out) {
    list.forEach(one -> out.println(what + one.scanId() + "  model " + one.model()));
  }

  private static Map<String, Object> object(
      TopicAudit.Balance balance, List<UnreadableRecord> unreadable) {
    ScanAudit scans = balance.scans();
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("scans", scans.scans());
    object.put("predicted", scans.predicted());
    object.put("deadLettered", scans.deadLettered());
    object.put("erased", scans.erased());
    object.put("missing", scans.missing());
    object.put("expiredUnread", balance.expiredScans());
    object.put("predictedAndDeadLettered", scans.both());
    object.put("predictedTwice", objects(scans.repeated()));
    object.put("alertedTwice", objects(scans.alertedTwice()));
    object.put("alertedWithoutPrediction", objects(scans.alertedOnly()));
    object.put("deadLettersWaiting", balance.letters(TrackedDeadLetter.State.WAITING));
    object.put("deadLettersUnderway", balance.letters(TrackedDeadLetter.State.UNDERWAY));
    object.put("deadLettersSettled", balance.letters(TrackedDeadLetter.State.SETTLED));
    object.put("unreadable", unreadable);
    return object;
  }

  private static List<Map<String, String>> objects(List<ByModel> list) {
    return list.stream().map(AuditCommand::object).toList();
  }

  private static Map<String, String> object(ByModel one) {
    Map<String, String> object = new LinkedHashMap<>();
    object.put("scanId", one.scanId());
    object.put("model", one.model());
    return object;
  }
}

package org.pneumostream.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.pneumostream.ledger.Attempt;
import org.pneumostream.ledger.TrackedDeadLetter;
import org.pneumostream.schemas.DeadLetter;
import org.pneumostream.terminal.AvroJson;

/** Formats dead letters for people and for programs. */
final class LetterLines {
  private LetterLines() {}

  /** Number, attempts, state, time of the last failure, stage, key, reason. */
  static String line(TrackedDeadLetter letter) {
    DeadLetter last = letter.last().letter();
    return String.format(
        Locale.ROOT,
        "%4d  %2d  %-8s  %s  %s  %.12s  %s",
        letter.number(),
        letter.attempts().size(),
        state(letter),
        last.getFailedAt(),
        last.getStage(),
        letter.last().key(),
        last.getReason());
  }

  /**
   * Everything but the content, of which only the length is included; fields are those of the last
   * attempt.
   */
  static String json(TrackedDeadLetter letter) {
    Attempt last = letter.last();
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("number", letter.number());
    object.put("attempts", letter.attempts().size());
    object.put("state", state(letter));
    object.put("key", last.key());
    object.putAll(AvroJson.object(last.letter()));
    object.put("content", last.hasContent() ? last.contentBytes() : null);
    return AvroJson.line(object);
  }

  /** All fields, one per line. */
  static List<String> details(TrackedDeadLetter letter) {
    Attempt last = letter.last();
    DeadLetter about = last.letter();
    List<String> lines = new ArrayList<>();
    field(lines, "number", letter.number());
    field(lines, "state", state(letter));
    field(lines, "key", last.key());
    field(lines, "stage", about.getStage());
    for (Attempt attempt : letter.attempts()) {
      field(lines, "failed at", attempt.letter().getFailedAt());
    }
    field(
        lines,
        "record",
        about.getTopic() + ", partition " + about.getPartition() + ", offset " + about.getOffset());
    field(lines, "error", about.getError());
    field(lines, "reason", about.getReason());
    field(lines, "content", last.hasContent() ? last.contentBytes() + " bytes" : "none");
    field(
        lines, "reference", about.getReference() == null ? "none" : about.getReference().getUri());
    return lines;
  }

  private static String state(TrackedDeadLetter letter) {
    return letter.state().name().toLowerCase(Locale.ROOT);
  }

  private static void field(List<String> lines, String name, Object value) {
    lines.add(String.format(Locale.ROOT, "%-10s %s", name, value));
  }
}

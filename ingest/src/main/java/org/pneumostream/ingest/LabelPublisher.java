package org.pneumostream.ingest;

import java.time.Clock;
import java.util.regex.Pattern;
import org.pneumostream.schemas.Finding;
import org.pneumostream.schemas.Label;
import org.pneumostream.schemas.ScanId;
import org.pneumostream.schemas.Topic;

/** Writes readers' findings to the labels topic. Thread-safe. */
public final class LabelPublisher {
  private static final Pattern ANNOTATOR = Pattern.compile("[^\\p{Cntrl}]{1,128}");

  private final Topic<Label> labels;
  private final RecordSender sender;
  private final Clock clock;

  LabelPublisher(Topic<Label> labels, RecordSender sender, Clock clock) {
    this.labels = labels;
    this.sender = sender;
    this.clock = clock;
  }

  /**
   * Writes a label, and returns when all in-sync brokers have it. The scan may arrive before or
   * after it.
   *
   * @param scanId 64 lowercase hex digits
   * @param annotator opaque name of the reader, 1 to 128 characters (code points)
   * @throws IllegalArgumentException if scanId is not 64 hex digits, or annotator is blank or
   *     longer than 128 characters
   * @throws UnavailableException if Kafka or the registry does not accept it in time
   */
  public Receipt publish(String scanId, Finding finding, String annotator)
      throws UnavailableException {
    ScanId.require("scanId", scanId);
    if (annotator.isBlank() || !ANNOTATOR.matcher(annotator).matches()) {
      throw new IllegalArgumentException(
          "annotator: '"
              + Provenance.printable(annotator)
              + "', expected 1 to 128 characters, not all blank");
    }
    return sender.send(labels, scanId, new Label(finding, annotator, clock.instant()));
  }
}

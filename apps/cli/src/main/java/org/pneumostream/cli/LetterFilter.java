package org.pneumostream.cli;

import org.pneumostream.ledger.TrackedDeadLetter;
import picocli.CommandLine.Option;

/** Selects dead letters. */
final class LetterFilter {
  @Option(
      names = "--stage",
      paramLabel = "SERVICE",
      description = "Only letters of one service: preprocess-stream or scorer.")
  private String stage;

  @Option(
      names = "--error",
      paramLabel = "KIND",
      description = "Only letters whose last error was of that kind, such as InvalidDataException.")
  private String error;

  boolean isGiven() {
    return stage != null || error != null;
  }

  boolean takes(TrackedDeadLetter letter) {
    return (stage == null || stage.equals(letter.last().letter().getStage()))
        && (error == null || error.equals(letter.last().letter().getError()));
  }
}

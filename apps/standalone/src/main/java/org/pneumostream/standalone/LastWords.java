package org.pneumostream.standalone;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds in a process's log why it ended: its last error, and the cause of that. */
final class LastWords {
  private static final int TAIL_BYTES = 64 << 10;

  private static final Pattern ERROR = Pattern.compile("\\b(?:ERROR|FATAL)\\b\\s+(.*)");

  /** An exception on a line of its own, or the JVM's own message about its end. */
  private static final Pattern EXCEPTION =
      Pattern.compile(
          "(?:Caused by: |Exception in thread \"[^\"]*\" |Terminating due to )?"
              + "((?:\\w+\\.)+\\w+(?:Exception|Error)\\b.*)");

  private LastWords() {}

  /**
   * The reason in a log.
   *
   * @param from offset in the log at which the process began
   * @return empty if there is none
   */
  static String of(Path log, long from) {
    String error = "";
    String exception = "";
    for (String line : tail(log, from).lines().toList()) {
      Matcher cause = EXCEPTION.matcher(line.strip());
      Matcher told = ERROR.matcher(line);
      if (cause.matches()) {
        exception = cause.group(1);
      } else if (told.find()) {
        error = told.group(1).strip();
      }
    }
    if (error.isEmpty() || exception.isEmpty()) {
      return error + exception;
    }
    return error + " (" + exception + ")";
  }

  private static String tail(Path log, long from) {
    try (FileChannel channel = FileChannel.open(log)) {
      channel.position(Math.max(from, channel.size() - TAIL_BYTES));
      ByteBuffer bytes = ByteBuffer.allocate(TAIL_BYTES);
      while (bytes.hasRemaining() && channel.read(bytes) >= 0) {}
      return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }
}

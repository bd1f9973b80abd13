package org.pneumostream.terminal;

import java.io.PrintStream;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** Shows progress: a bar on a terminal, elsewhere a line for every tenth. */
public final class Progress implements AutoCloseable {
  /** System property with which the launcher states that standard error is a terminal. */
  private static final String TERMINAL_PROPERTY = "pneumostream.terminal";

  private static final int WIDTH = 90;
  private static final int LINES = 10;

  private final String task;
  private final long total;
  private final PrintStream out;
  private final @Nullable ProgressBar bar;
  private long linesPrinted;

  private Progress(String task, long total, PrintStream out, @Nullable ProgressBar bar) {
    this.task = task;
    this.total = total;
    this.out = out;
    this.bar = bar;
  }

  /** Progress on standard error. */
  public static Progress of(String task, long total) {
    return Boolean.getBoolean(TERMINAL_PROPERTY)
        ? new Progress(task, total, System.err, bar(task, total))
        : new Progress(task, total, System.err, null);
  }

  /** A line of output that replaces a bar on a terminal; the bar reappears below it. */
  public static String overBar(String line) {
    return Boolean.getBoolean(TERMINAL_PROPERTY) ? "\r\u001b[K" + line : line;
  }

  /** Sets the progress, with a note. */
  public void to(long done, String note) {
    if (bar != null) {
      bar.stepTo(done);
      bar.setExtraMessage(" " + note);
      return;
    }
    long line = total == 0 ? LINES : done * LINES / total;
    if (line > linesPrinted) {
      linesPrinted = line;
      out.printf("%s  %d of %d  %s%n", task, done, total, note);
    }
  }

  /** Sets the progress. */
  public void to(long done) {
    to(done, "");
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }

  private static ProgressBar bar(String task, long total) {
    return new ProgressBarBuilder()
        .setTaskName(task)
        .setInitialMax(total)
        .setStyle(ProgressBarStyle.UNICODE_BLOCK)
        .setUpdateIntervalMillis(200)
        .setConsumer(new ConsoleProgressBarConsumer(System.err, WIDTH))
        .build();
  }
}

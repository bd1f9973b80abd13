package org.pneumostream.terminal;

import java.io.PrintWriter;
import java.io.Writer;
import java.util.Arrays;
import java.util.Locale;
import org.pneumostream.jdata.Printable;

/**
 * The writer for all command output. Text printed as one line, or inserted into a format, stays on
 * one line, and control characters are replaced, wherever the text came from: a file's name, a
 * header, a record.
 */
public final class PrintableWriter extends PrintWriter {
  public PrintableWriter(Writer out, boolean autoFlush) {
    super(out, autoFlush);
  }

  @Override
  public void println(String line) {
    super.println(Printable.line(String.valueOf(line)));
  }

  @Override
  public void println(Object line) {
    println(String.valueOf(line));
  }

  @Override
  public PrintWriter format(String format, Object... values) {
    return super.format(format, printable(values));
  }

  @Override
  public PrintWriter format(Locale locale, String format, Object... values) {
    return super.format(locale, format, printable(values));
  }

  /** Text of several lines, such as a command's help. */
  @Override
  public void write(String text, int offset, int length) {
    String printable = Printable.lines(text.substring(offset, offset + length));
    super.write(printable, 0, printable.length());
  }

  @Override
  public void write(char[] text, int offset, int length) {
    write(new String(text, offset, length), 0, length);
  }

  @Override
  public void write(int character) {
    write(String.valueOf((char) character), 0, 1);
  }

  /** Numbers and times are left alone, for their own placeholders. */
  private static Object[] printable(Object[] values) {
    return Arrays.stream(values).map(PrintableWriter::printable).toArray();
  }

  private static Object printable(Object value) {
    String text = String.valueOf(value);
    String line = Printable.line(text);
    return line.equals(text) ? value : line;
  }
}

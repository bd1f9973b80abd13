package org.pneumostream.training;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Version of this software, written by the build. */
public final class CodeVersion {
  private CodeVersion() {}

  public static String current() {
    try (InputStream in = CodeVersion.class.getResourceAsStream("version.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read version.txt of the trainer", e);
    }
  }
}

package org.pneumostream.settings;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;

/** Small files that hold a secret. Only their owner and group may have access. */
public final class SecretFile {
  private static final int MAX_BYTES = 64 << 10;

  private SecretFile() {}

  /**
   * Reads the file's text, UTF-8.
   *
   * @param setting the setting that names the file, for error messages
   * @throws SettingException if the file cannot be read, or others can read it
   */
  public static String read(Setting<Path> setting, Path file) {
    try {
      PosixFileAttributeView posix = Files.getFileAttributeView(file, PosixFileAttributeView.class);
      if (posix != null
          && posix.readAttributes().permissions().contains(PosixFilePermission.OTHERS_READ)) {
        throw new SettingException(
            setting.key(), file.toString(), "a file that others cannot access; run chmod o-rwx");
      }
      try (InputStream in = Files.newInputStream(file)) {
        byte[] bytes = in.readNBytes(MAX_BYTES + 1);
        if (bytes.length > MAX_BYTES) {
          throw new SettingException(
              setting.key(), file.toString(), "a file of at most " + MAX_BYTES + " bytes");
        }
        return new String(bytes, StandardCharsets.UTF_8);
      }
    } catch (NoSuchFileException e) {
      throw new SettingException(setting.key(), file.toString(), "an existing file");
    } catch (IOException e) {
      throw new SettingException(
          setting.key(), file.toString(), "a readable file (" + FileProblem.of(e) + ")");
    }
  }
}

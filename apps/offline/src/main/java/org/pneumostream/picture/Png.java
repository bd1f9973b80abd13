package org.pneumostream.picture;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** Writes PNG files. */
final class Png {
  private Png() {}

  static void write(BufferedImage image, Path file) throws IOException {
    // ImageIO prints a stack trace for a file that it cannot open, and does not name the file.
    try (OutputStream out = Files.newOutputStream(file)) {
      if (!ImageIO.write(image, "png", out)) {
        throw new IOException("no PNG writer on this Java platform");
      }
    }
  }
}

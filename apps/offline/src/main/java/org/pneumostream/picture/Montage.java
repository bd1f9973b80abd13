package org.pneumostream.picture;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import org.pneumostream.volume.InputShape;

/**
 * Slices of a preprocessed volume side by side, ten in a row, from the feet up. Gray, in the
 * radiological view: anterior on top and the patient's right on the left.
 */
public final class Montage {
  private static final int COLUMNS = 10;
  private static final int CAPTION = 24;

  private final InputShape shape;
  private final float[] values;
  private final GrayWindow window;

  /**
   * @param shape of the volume, with axes rotated by 90° in-plane as in preprocessing
   * @param values in [0, 1], depth fastest
   * @param window gray scale
   */
  public Montage(InputShape shape, float[] values, GrayWindow window) {
    this.shape = shape;
    this.values = values;
    this.window = window;
  }

  /**
   * Draws evenly spaced slices, including the first and the last.
   *
   * @param slices most slices; all if the volume has no more
   * @param caption line above the slices
   */
  public BufferedImage draw(int slices, String caption) {
    int count = Math.min(slices, shape.depth());
    int rows = (count + COLUMNS - 1) / COLUMNS;
    BufferedImage image =
        new BufferedImage(
            Math.min(count, COLUMNS) * shape.height(),
            CAPTION + rows * shape.width(),
            BufferedImage.TYPE_BYTE_GRAY);
    for (int tile = 0; tile < count; tile++) {
      int slice = count == 1 ? shape.depth() / 2 : tile * (shape.depth() - 1) / (count - 1);
      int left = tile % COLUMNS * shape.height();
      drawSlice(image, slice, left, CAPTION + tile / COLUMNS * shape.width());
    }
    Graphics2D graphics = image.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    graphics.setColor(Color.WHITE);
    graphics.drawString(caption, 6, CAPTION - 8);
    graphics.dispose();
    return image;
  }

  /** Writes the picture as PNG. */
  public void writeTo(Path file, int slices, String caption) throws IOException {
    Png.write(draw(slices, caption), file);
  }

  /** After rotation, anterior to posterior runs along width, and left to right along height. */
  private void drawSlice(BufferedImage image, int slice, int left, int top) {
    for (int w = 0; w < shape.width(); w++) {
      for (int h = 0; h < shape.height(); h++) {
        float value = values[(w * shape.height() + h) * shape.depth() + slice];
        int column = shape.height() - 1 - h;
        image.getRaster().setSample(left + column, top + w, 0, window.gray(value));
      }
    }
  }

  /** Three spacings in mm. */
  public static String millimetres(double[] spacing) {
    return String.format(Locale.ROOT, "%.3g × %.3g × %.3g mm", spacing[0], spacing[1], spacing[2]);
  }
}

package org.pneumostream.picture;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The course of a training run: accuracy on the left, loss on the right, by epoch. */
public final class TrainingCurves {
  static final Color TRAINING = new Color(0x1f77b4);
  static final Color VALIDATION = new Color(0xd95f02);
  static final int PLOT_WIDTH = 800;
  static final int PLOT_HEIGHT = 480;
  static final int CAPTION = 48;

  private static final Font FONT = new Font(Font.SANS_SERIF, Font.PLAIN, 16);
  private static final int MARGIN = 16;

  /** Runs with fewer epochs have a tick at every epoch. */
  private static final int EVERY_EPOCH_BELOW = 15;

  /**
   * Values of one epoch; NaN is skipped.
   *
   * @param number of the epoch, from 1
   * @param accuracy of training, 0 to 1
   * @param validationAccuracy of validation, 0 to 1
   * @param loss of training, in nats
   * @param validationLoss of validation, in nats
   */
  public record Epoch(
      int number, double accuracy, double validationAccuracy, double loss, double validationLoss) {}

  private final String title;
  private final List<Epoch> epochs;

  /**
   * @param title line above the curves
   * @param epochs in order
   * @throws IllegalArgumentException if there are none
   */
  public TrainingCurves(String title, List<Epoch> epochs) {
    if (epochs.isEmpty()) {
      throw new IllegalArgumentException("no epochs, expected at least 1");
    }
    this.title = title;
    this.epochs = List.copyOf(epochs);
  }

  /** Draws both plots side by side, {@value #PLOT_WIDTH} × {@value #PLOT_HEIGHT} pixels each. */
  public BufferedImage draw() {
    BufferedImage image =
        new BufferedImage(2 * PLOT_WIDTH, CAPTION + PLOT_HEIGHT, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
    drawTitle(graphics, image.getWidth() - 2 * MARGIN);
    XYChart accuracy = plot("accuracy", Epoch::accuracy, Epoch::validationAccuracy);
    accuracy.getStyler().setYAxisMax(1.0);
    draw(accuracy, graphics, 0);
    draw(plot("loss", Epoch::loss, Epoch::validationLoss), graphics, PLOT_WIDTH);
    graphics.dispose();
    return image;
  }

  /** Writes the picture as PNG. */
  public void writeTo(Path file) throws IOException {
    Png.write(draw(), file);
  }

  /** Reduces the font until the whole title fits. */
  private void drawTitle(Graphics2D page, int width) {
    Graphics2D graphics = (Graphics2D) page.create();
    // Without it, small letters are wider than their size suggests.
    graphics.setRenderingHint(
        RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
    Font font = FONT.deriveFont(Font.BOLD, 20f);
    Rectangle2D bounds = graphics.getFontMetrics(font).getStringBounds(title, graphics);
    float scale = (float) Math.min(1, width / bounds.getWidth());
    graphics.setColor(Color.BLACK);
    graphics.setFont(font.deriveFont(font.getSize2D() * scale));
    graphics.drawString(title, MARGIN, CAPTION - MARGIN);
    graphics.dispose();
  }

  private static void draw(XYChart plot, Graphics2D graphics, int left) {
    Graphics2D part = (Graphics2D) graphics.create(left, CAPTION, PLOT_WIDTH, PLOT_HEIGHT);
    plot.paint(part, PLOT_WIDTH, PLOT_HEIGHT);
    part.dispose();
  }

  private XYChart plot(
      String quantity, ToDoubleFunction<Epoch> training, ToDoubleFunction<Epoch> validation) {
    XYChart plot =
        new XYChartBuilder()
            .title("Model " + quantity)
            .xAxisTitle("epoch")
            .yAxisTitle(quantity)
            .build();
    int last = epochs.get(epochs.size() - 1).number();
    // XChart puts a tick at every value if all, including the axis' ends, are equally spaced, and
    // otherwise at round numbers.
    double end = last < EVERY_EPOCH_BELOW ? last + 1.0 : last + 0.5;
    plot.getStyler()
        .setLegendPosition(LegendPosition.OutsideS)
        .setLegendLayout(LegendLayout.Horizontal)
        .setLegendFont(FONT)
        .setChartTitleFont(FONT.deriveFont(Font.BOLD))
        .setChartBackgroundColor(Color.WHITE);
    plot.getStyler()
        .setAxisTitleFont(FONT)
        .setAxisTickLabelsFont(FONT.deriveFont(14f))
        .setXAxisMin(0.0)
        .setXAxisMax(end)
        .setXAxisDecimalPattern("0")
        .setYAxisMin(0.0)
        .setYAxisDecimalPattern("0.0##")
        .setMarkerSize(last < 2 * EVERY_EPOCH_BELOW ? 7 : 4);
    add(plot, "training", training, TRAINING);
    add(plot, "validation", validation, VALIDATION);
    return plot;
  }

  private void add(XYChart plot, String name, ToDoubleFunction<Epoch> value, Color color) {
    double[] numbers = epochs.stream().mapToDouble(Epoch::number).toArray();
    XYSeries series = plot.addSeries(name, numbers, epochs.stream().mapToDouble(value).toArray());
    // A run of one epoch has no line, only markers.
    series.setMarker(SeriesMarkers.CIRCLE).setMarkerColor(color).setLineColor(color);
  }
}

package org.pneumostream.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainingCurvesTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 14, 15, 100})
  void bothPlotsHaveBothCurvesHoweverLongTheRun(int epochs) throws Exception {
    Path file = folder.resolve("curves.png");

    new TrainingCurves("model", run(epochs)).writeTo(file);

    BufferedImage image = ImageIO.read(file.toFile());
    assertThat(image.getWidth()).isEqualTo(2 * TrainingCurves.PLOT_WIDTH);
    for (int plot = 0; plot < 2; plot++) {
      BufferedImage half = half(image, plot);
      // The same in the legend makes some forty pixels of each colour.
      assertThat(pixels(half, TrainingCurves.TRAINING)).isGreaterThan(60);
      assertThat(pixels(half, TrainingCurves.VALIDATION)).isGreaterThan(60);
    }
  }

  @Test
  void highAccuracyIsOnTopAndLowLossBelow() {
    // Training far better than validation: accuracy 0.9 against 0.1, loss 0.1 against 2.
    List<TrainingCurves.Epoch> run =
        IntStream.rangeClosed(1, 20)
            .mapToObj(epoch -> new TrainingCurves.Epoch(epoch, 0.9, 0.1, 0.1, 2))
            .toList();

    BufferedImage image = new TrainingCurves("model", run).draw();

    BufferedImage accuracy = half(image, 0);
    assertThat(meanRow(accuracy, TrainingCurves.TRAINING))
        .isLessThan(meanRow(accuracy, TrainingCurves.VALIDATION) - 100);
    BufferedImage loss = half(image, 1);
    assertThat(meanRow(loss, TrainingCurves.TRAINING))
        .isGreaterThan(meanRow(loss, TrainingCurves.VALIDATION) + 100);
  }

  @Test
  void lossThatIsNotANumberLeavesAGap() {
    List<TrainingCurves.Epoch> run =
        List.of(
            new TrainingCurves.Epoch(1, 0.5, 0.5, 0.7, 0.7),
            new TrainingCurves.Epoch(2, 0.5, 0.5, 0.6, Double.NaN),
            new TrainingCurves.Epoch(3, 0.5, 0.5, 0.5, 0.6));

    BufferedImage loss = half(new TrainingCurves("model", run).draw(), 1);

    assertThat(pixels(loss, TrainingCurves.VALIDATION))
        .isLessThan(pixels(loss, TrainingCurves.TRAINING) / 2);
  }

  @Test
  void longTitleIsNotCutOff() {
    BufferedImage image = new TrainingCurves("a long title ".repeat(20), run(1)).draw();

    for (int x = image.getWidth() - 12; x < image.getWidth(); x++) {
      for (int y = 0; y < TrainingCurves.CAPTION; y++) {
        assertThat(image.getRGB(x, y)).isEqualTo(Color.WHITE.getRGB());
      }
    }
  }

  @Test
  void runWithoutEpochsHasNoCurves() {
    assertThatThrownBy(() -> new TrainingCurves("model", List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no epochs, expected at least 1");
  }

  private static List<TrainingCurves.Epoch> run(int epochs) {
    return IntStream.rangeClosed(1, epochs)
        .mapToObj(epoch -> new TrainingCurves.Epoch(epoch, 0.6, 0.4, 0.5, 0.9))
        .toList();
  }

  private static BufferedImage half(BufferedImage image, int plot) {
    return image.getSubimage(
        plot * TrainingCurves.PLOT_WIDTH, 0, TrainingCurves.PLOT_WIDTH, image.getHeight());
  }

  private static int pixels(BufferedImage image, Color color) {
    return (int) rows(image, color).count();
  }

  private static double meanRow(BufferedImage image, Color color) {
    return rows(image, color).average().orElseThrow();
  }

  /** The row of each pixel of a colour. */
  private static IntStream rows(BufferedImage image, Color color) {
    return IntStream.range(0, image.getHeight())
        .flatMap(
            y ->
                IntStream.range(0, image.getWidth())
                    .filter(x -> image.getRGB(x, y) == color.getRGB())
                    .map(x -> y));
  }
}

package org.pneumostream.phantom;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import org.pneumostream.jnifti.Affine;
import org.pneumostream.jnifti.Datatype;
import org.pneumostream.jnifti.NiftiHeader;
import org.pneumostream.jnifti.NiftiWriter;

/**
 * A synthetic chest CT, to try and test the system without patient data: body, lungs, heart, spine,
 * ribs, vessels, airways and noise, in HU. An abnormal one has several, mostly peripheral
 * ground-glass opacities.
 *
 * <p>Neither the mean nor the histogram of the HU values reveals the class; see {@link Parenchyma}.
 * The same seed, finding and size give the same voxels on every Java version.
 */
public final class Phantom {

  private static final String DESCRIPTION = "synthetic chest CT";

  private final long seed;
  private final PhantomFinding finding;
  private final Scanner scanner;
  private final short[] voxels;

  private Phantom(long seed, PhantomFinding finding, Scanner scanner, short[] voxels) {
    this.seed = seed;
    this.finding = finding;
    this.scanner = scanner;
    this.voxels = voxels;
  }

  /**
   * Draws a patient and scans them.
   *
   * @param seed determines the patient; with the same seed, normal and abnormal phantoms are the
   *     same patient with and without opacities
   */
  public static Phantom generate(long seed, PhantomFinding finding, PhantomSize size) {
    SplitMix64 random = new SplitMix64(seed);
    Anatomy anatomy = Anatomy.draw(random);
    Densities densities = Densities.draw(random);
    Scanner scanner = Scanner.draw(anatomy, densities, size, random);
    Thorax thorax = new Thorax(anatomy, densities, finding, random);
    return new Phantom(seed, finding, scanner, scanner.scan(thorax));
  }

  /** Whether a scan's header marks it as a phantom. */
  public static boolean isOne(NiftiHeader header) {
    return header.description().startsWith(DESCRIPTION);
  }

  public PhantomFinding finding() {
    return finding;
  }

  /** Stored LPS like most scanners do: voxels run to the patient's left, back and head. */
  public NiftiHeader header() {
    PhantomSize size = scanner.size();
    Vector spacing = scanner.spacing();
    Vector origin = scanner.origin();
    // The phantom's x and y grow to the left and the back, NIfTI's to the right and the front.
    Affine affine =
        Affine.of(
            new double[][] {
              {-spacing.x(), 0, 0, -origin.x()},
              {0, -spacing.y(), 0, -origin.y()},
              {0, 0, spacing.z(), origin.z()}
            });
    return NiftiHeader.builder(Datatype.INT16, size.width(), size.height(), size.depth())
        .affine(affine)
        .description("%s, Pneumostream phantom, %s, seed %d".formatted(DESCRIPTION, finding, seed))
        .build();
  }

  /** HU, the first axis fastest; a copy. */
  public short[] voxels() {
    return voxels.clone();
  }

  /** Writes a NIfTI-1 file, gzipped when its name ends in {@code .gz}. */
  public void writeTo(Path file) throws IOException {
    NiftiWriter.write(file, header(), voxels);
  }

  /** Writes an uncompressed NIfTI-1 file to a stream, and closes it. */
  public void writeTo(OutputStream out) throws IOException {
    NiftiWriter.write(out, header(), voxels);
  }
}

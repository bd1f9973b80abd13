package org.pneumostream.ingest;

import java.io.IOException;
import java.io.OutputStream;
import org.pneumostream.ingest.RejectedScanException.Reason;
import org.pneumostream.jdata.InvalidDataException;
import org.pneumostream.jdata.KeptOpenOutput;
import org.pneumostream.jnifti.Format;
import org.pneumostream.jnifti.HeaderField;
import org.pneumostream.jnifti.NiftiHeader;
import org.pneumostream.jnifti.NiftiReader;
import org.pneumostream.jnifti.NiftiWriter;
import org.pneumostream.scanstore.ScanCompression;

/**
 * The published form of a scan: a NIfTI file, compressed with zstd, newly written from the voxels
 * and the numbers of the header. Everything else in the pushed files is dropped, since it may name
 * the patient: texts and extensions of the header, the file name in a gzip header, and bytes before
 * and after the voxels.
 */
final class PublishedForm {
  private PublishedForm() {}

  /**
   * Writes a scan while reading it to its end.
   *
   * @param out stays open
   * @throws RejectedScanException if the scan is cut off or damaged, if all its voxels are equal,
   *     or if it does not fit NIfTI
   * @throws IOException if reading or writing fails otherwise
   */
  static void write(NiftiReader reader, OutputStream out)
      throws RejectedScanException, IOException {
    NiftiHeader header = withoutText(reader.header());
    // The first holds native memory, even if the second cannot be created.
    try (OutputStream compressed = ScanCompression.compress(new KeptOpenOutput(out));
        VoxelVariety voxels = new VoxelVariety(compressed, header.datatype().bytesPerVoxel());
        NiftiWriter writer = NiftiWriter.open(voxels, header)) {
      voxels.beginVoxels();
      while (reader.hasNextSlice()) {
        try {
          writer.writeSlice(reader);
        } catch (InvalidDataException e) {
          throw new RejectedScanException(
              Reason.DAMAGED, "the scan is cut off or damaged: " + e.getMessage(), e);
        }
      }
      if (voxels.isConstant()) {
        throw new RejectedScanException(
            Reason.NOT_A_SCAN,
            "not a scan: all %d voxels are equal; is the file an incomplete copy?"
                .formatted(header.voxelBytes() / header.datatype().bytesPerVoxel()));
      }
    }
  }

  private static NiftiHeader withoutText(NiftiHeader header) throws RejectedScanException {
    Format format =
        switch (header.format()) {
          case NIFTI1, NIFTI1_PAIR -> Format.NIFTI1;
          // JNIfTI's numbers are as wide as NIfTI-2's.
          case NIFTI2, NIFTI2_PAIR, JNII, BNII -> Format.NIFTI2;
        };
    try {
      return header.toBuilder()
          .withoutText()
          .format(format)
          .field(HeaderField.BITPIX, 8 * header.datatype().bytesPerVoxel())
          .build();
    } catch (IllegalArgumentException e) {
      throw new RejectedScanException(Reason.NOT_A_SCAN, "not a scan: " + e.getMessage(), e);
    }
  }
}

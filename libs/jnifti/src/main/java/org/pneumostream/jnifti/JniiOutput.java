package org.pneumostream.jnifti;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.DeflaterOutputStream;
import org.pneumostream.jdata.KeptOpenOutput;

/**
 * A {@code .jnii} document around the voxels that are written to it. They are declared column-major
 * ({@code _ArrayOrder_} "c"), NIfTI's own order, so that they need no reordering.
 */
final class JniiOutput extends OutputStream {
  private static final String END = "\"}}";

  private final OutputStream out;
  private final OutputStream voxels;

  JniiOutput(OutputStream out, NiftiHeader header) throws IOException {
    this.out = out;
    String document = new JniiDocument(header).json();
    String start = document.substring(0, document.length() - END.length());
    out.write(start.getBytes(StandardCharsets.UTF_8));
    OutputStream text = Base64.getEncoder().wrap(new KeptOpenOutput(out));
    this.voxels = new DeflaterOutputStream(text);
  }

  @Override
  public void write(int value) throws IOException {
    voxels.write(value);
  }

  @Override
  public void write(byte[] source, int offset, int length) throws IOException {
    voxels.write(source, offset, length);
  }

  @Override
  public void close() throws IOException {
    try (out) {
      voxels.close();
      out.write(END.getBytes(StandardCharsets.UTF_8));
    }
  }
}

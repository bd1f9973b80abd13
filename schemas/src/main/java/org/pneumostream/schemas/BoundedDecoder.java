package org.pneumostream.schemas;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.util.Utf8;

/**
 * Avro's decoder, which also refuses any length larger than the whole record. Avro's own decoder
 * allocates memory for a length before it checks that the bytes exist, so a record of eleven bytes
 * can end a process.
 */
final class BoundedDecoder extends Decoder {
  private final BinaryDecoder decoder;
  private final int recordBytes;

  /** Decodes a part of an array. */
  BoundedDecoder(byte[] bytes, int offset, int length) {
    this.decoder = DecoderFactory.get().binaryDecoder(bytes, offset, length, null);
    this.recordBytes = length;
  }

  /** Whether all bytes have been read. */
  boolean isEnd() throws IOException {
    return decoder.isEnd();
  }

  private byte[] bytes() throws IOException {
    byte[] bytes = new byte[(int) checked(decoder.readLong())];
    decoder.readFixed(bytes, 0, bytes.length);
    return bytes;
  }

  private long checked(long length) {
    if (length < 0 || length > recordBytes) {
      throw new AvroRuntimeException(
          "length " + length + " exceeds the record's " + recordBytes + " bytes");
    }
    return length;
  }

  @Override
  public String readString() throws IOException {
    return new Utf8(bytes()).toString();
  }

  @Override
  public Utf8 readString(Utf8 old) throws IOException {
    return new Utf8(bytes());
  }

  @Override
  public ByteBuffer readBytes(ByteBuffer old) throws IOException {
    return ByteBuffer.wrap(bytes());
  }

  @Override
  public long readArrayStart() throws IOException {
    return checked(decoder.readArrayStart());
  }

  @Override
  public long arrayNext() throws IOException {
    return checked(decoder.arrayNext());
  }

  @Override
  public long readMapStart() throws IOException {
    return checked(decoder.readMapStart());
  }

  @Override
  public long mapNext() throws IOException {
    return checked(decoder.mapNext());
  }

  @Override
  public void readNull() throws IOException {
    decoder.readNull();
  }

  @Override
  public boolean readBoolean() throws IOException {
    return decoder.readBoolean();
  }

  @Override
  public int readInt() throws IOException {
    return decoder.readInt();
  }

  @Override
  public long readLong() throws IOException {
    return decoder.readLong();
  }

  @Override
  public float readFloat() throws IOException {
    return decoder.readFloat();
  }

  @Override
  public double readDouble() throws IOException {
    return decoder.readDouble();
  }

  @Override
  public void skipString() throws IOException {
    decoder.skipString();
  }

  @Override
  public void skipBytes() throws IOException {
    decoder.skipBytes();
  }

  @Override
  public void readFixed(byte[] target, int offset, int length) throws IOException {
    decoder.readFixed(target, offset, length);
  }

  @Override
  public void skipFixed(int length) throws IOException {
    decoder.skipFixed(length);
  }

  @Override
  public int readEnum() throws IOException {
    return decoder.readEnum();
  }

  @Override
  public int readIndex() throws IOException {
    return decoder.readIndex();
  }

  @Override
  public long skipArray() throws IOException {
    return decoder.skipArray();
  }

  @Override
  public long skipMap() throws IOException {
    return decoder.skipMap();
  }
}

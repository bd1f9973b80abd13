package org.pneumostream.jnifti;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Locale;
import java.util.Map;

/** A document without its voxels, which go before its last characters. */
final class JniiDocument {
  private final NiftiHeader header;
  private final StringWriter text = new StringWriter();
  private final JsonGenerator json;

  JniiDocument(NiftiHeader header) throws IOException {
    this.header = header;
    this.json = new JsonFactory().createGenerator(text);
  }

  String json() throws IOException {
    json.writeStartObject();
    json.writeObjectFieldStart("_DataInfo_");
    json.writeStringField("JNIFTIVersion", "0.5");
    json.writeEndObject();
    writeHeader();
    writeExtensions();
    writeData();
    json.writeEndObject();
    json.close();
    return text.toString();
  }

  private void writeHeader() throws IOException {
    json.writeObjectFieldStart("NIFTIHeader");
    writeDims("Dim");
    json.writeStringField("DataType", typeName());
    number("BitDepth", 8 * header.datatype().bytesPerVoxel());
    json.writeFieldName("VoxelSize");
    writeNumbers(HeaderField.PIXDIM, 1, header.dims().size());
    number("NIIQfac_", header.number(HeaderField.PIXDIM));
    writeScalars();
    writeUnits();
    writeTransforms();
    json.writeStringField("NIIFormat", header.format().magic());
    json.writeEndObject();
  }

  private void writeScalars() throws IOException {
    for (HeaderField field : HeaderField.values()) {
      String name = JniftiHeaderFields.NUMBERS.get(field);
      String textName = JniftiHeaderFields.TEXTS.get(field);
      if (name != null) {
        number(name, header.number(field));
      } else if (textName != null) {
        json.writeStringField(textName, header.text(field));
      }
    }
    number("Intent", header.number(HeaderField.INTENT_CODE));
    number("SliceType", header.number(HeaderField.SLICE_CODE));
    int dimInfo = (int) header.number(HeaderField.DIM_INFO);
    json.writeObjectFieldStart("DimInfo");
    number("Freq", dimInfo & 3);
    number("Phase", dimInfo >> 2 & 3);
    number("Slice", dimInfo >> 4 & 3);
    json.writeEndObject();
  }

  private void writeUnits() throws IOException {
    int timeCode = (int) header.number(HeaderField.XYZT_UNITS) & ~VoxelUnit.CODE_MASK;
    json.writeObjectFieldStart("Unit");
    json.writeStringField("L", header.unit().symbol());
    number("T", timeCode);
    json.writeEndObject();
  }

  private void writeTransforms() throws IOException {
    number("QForm", header.number(HeaderField.QFORM_CODE));
    number("SForm", header.number(HeaderField.SFORM_CODE));
    json.writeObjectFieldStart("Quatern");
    number("b", header.number(HeaderField.QUATERN_B));
    number("c", header.number(HeaderField.QUATERN_C));
    number("d", header.number(HeaderField.QUATERN_D));
    json.writeEndObject();
    json.writeObjectFieldStart("QuaternOffset");
    number("x", header.number(HeaderField.QOFFSET_X));
    number("y", header.number(HeaderField.QOFFSET_Y));
    number("z", header.number(HeaderField.QOFFSET_Z));
    json.writeEndObject();
    json.writeArrayFieldStart("Affine");
    writeNumbers(HeaderField.SROW_X, 0, 4);
    writeNumbers(HeaderField.SROW_Y, 0, 4);
    writeNumbers(HeaderField.SROW_Z, 0, 4);
    json.writeEndArray();
  }

  private void writeExtensions() throws IOException {
    if (header.extensions().isEmpty()) {
      return;
    }
    json.writeArrayFieldStart("NIFTIExtension");
    for (Extension extension : header.extensions()) {
      json.writeStartObject();
      number("Size", extension.data().length);
      number("Type", extension.code());
      json.writeBinaryField("_ByteStream_", extension.data());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void writeData() throws IOException {
    json.writeObjectFieldStart("NIFTIData");
    json.writeStringField("_ArrayType_", typeName());
    writeDims("_ArraySize_");
    json.writeStringField("_ArrayOrder_", "c");
    json.writeStringField("_ArrayZipType_", "zlib");
    json.writeArrayFieldStart("_ArrayZipSize_");
    json.writeNumber(1);
    json.writeNumber(header.voxelBytes() / header.datatype().bytesPerVoxel());
    json.writeEndArray();
    json.writeStringField("_ArrayZipData_", "");
    json.writeEndObject();
  }

  private void writeDims(String name) throws IOException {
    json.writeArrayFieldStart(name);
    for (int length : header.dims()) {
      json.writeNumber(length);
    }
    json.writeEndArray();
  }

  private void writeNumbers(HeaderField field, int first, int count) throws IOException {
    json.writeStartArray();
    for (int i = first; i < first + count; i++) {
      number(header.number(field, i));
    }
    json.writeEndArray();
  }

  private void number(String name, double value) throws IOException {
    json.writeFieldName(name);
    number(value);
  }

  /** JSON cannot write non-finite numbers; JData spells them as text. */
  private void number(double value) throws IOException {
    if (value == Math.rint(value) && Math.abs(value) < 1L << 53) {
      json.writeNumber((long) value);
    } else if (Double.isFinite(value)) {
      json.writeNumber(value);
    } else {
      json.writeString(Double.isNaN(value) ? "_NaN_" : value > 0 ? "_Inf_" : "-_Inf_");
    }
  }

  private String typeName() {
    Map<Datatype, String> ownNames = Map.of(Datatype.FLOAT32, "single", Datatype.FLOAT64, "double");
    return ownNames
        .getOrDefault(header.datatype(), header.datatype().typeName())
        .toLowerCase(Locale.ROOT);
  }
}

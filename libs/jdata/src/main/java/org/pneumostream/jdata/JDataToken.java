package org.pneumostream.jdata;

/** What a JData document is a row of. */
public enum JDataToken {
  OBJECT_START,
  OBJECT_END,
  ARRAY_START,
  ARRAY_END,
  /** Name of the value that follows. */
  NAME,
  STRING,
  NUMBER,
  /** An array of numbers of one type in binary form. */
  PACKED_ARRAY,
  TRUE,
  FALSE,
  NULL,
  /** The document is over. */
  END
}

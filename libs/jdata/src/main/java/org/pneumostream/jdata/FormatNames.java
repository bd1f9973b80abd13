package org.pneumostream.jdata;

/**
 * What a format that is built on JData calls its parts, for messages.
 *
 * @param array the field that holds the array, such as {@code NIFTIData}
 * @param header the field that holds the small values, such as {@code NIFTIHeader}
 * @param document what a file of the format is, such as {@code a JNIfTI document}
 */
public record FormatNames(String array, String header, String document) {}

package org.pneumostream.cli;

/**
 * A command that another module adds to the command line: an annotated class that the module names
 * in {@code META-INF/services}. So the command line needs to know neither the embedded broker nor
 * the benchmarks, and has their commands where their jars are.
 */
public interface Subcommand {}

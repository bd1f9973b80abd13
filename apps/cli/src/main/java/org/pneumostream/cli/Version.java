package org.pneumostream.cli;

import picocli.CommandLine.IVersionProvider;

/** The version that the build wrote into the jar. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    String version = Pneumostream.class.getPackage().getImplementationVersion();
    return new String[] {"pneumostream " + (version == null ? "(not packaged)" : version)};
  }
}

/** The command line; {@link org.pneumostream.cli.Pneumostream} is its root. */
package org.pneumostream.cli;

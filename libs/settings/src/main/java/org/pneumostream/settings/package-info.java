/** Settings from the command line, the environment and files. */
package org.pneumostream.settings;

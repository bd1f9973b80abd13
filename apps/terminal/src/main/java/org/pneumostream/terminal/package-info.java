/** What commands read and print: arguments, progress, JSON, plain text, exit status. */
package org.pneumostream.terminal;

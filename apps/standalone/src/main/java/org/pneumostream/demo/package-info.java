/** The demo: scans come in, readers label them, the model is retrained and swapped. */
package org.pneumostream.demo;
